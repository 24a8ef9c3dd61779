package slackapi

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// A file is copied from one place to another in two steps. Fetch streams its bytes into an
// upload, which nobody sees yet. Share makes the upload stand somewhere. If Share had no
// answer, Look tells whether it took effect.
// https://docs.slack.dev/messaging/working-with-files

// StoredFile is a file as it is now.
type StoredFile struct {
	slackformat.File
	Readable bool             // its bytes can be read: Slack keeps them, and does not hide them
	Shared   []ticket.Message // where it stands, as far as the bot sees

	kind    string // its media type
	address string // the address of its bytes
}

// Look returns what Slack knows of a file now. If the file is deleted, or the bot does not
// see it, the result is an Error with the scope Gone.
func (c *Client) Look(ctx context.Context, id string) (StoredFile, error) {
	const method = "files.info"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return StoredFile{}, err
	}
	f, _, _, err := c.api.GetFileInfoContext(ctx, id, 0, 0)
	if err != nil {
		return StoredFile{}, c.failed(ctx, method, err)
	}
	s := StoredFile{File: slackformat.FileOf(*f), kind: f.Mimetype, address: f.URLPrivateDownload}
	s.Readable = !f.IsExternal && f.Mode != "hidden_by_limit" && f.Mode != "tombstone" && f.URLPrivateDownload != ""
	for _, shares := range []map[string][]slack.ShareFileInfo{f.Shares.Public, f.Shares.Private} {
		for channel, messages := range shares {
			for _, m := range messages {
				s.Shared = append(s.Shared, ticket.Message{Channel: channel, TS: m.Ts})
			}
		}
	}
	return s, nil
}

// ReadsFiles asks Slack whether the bot may read files. It asks for a file that does not
// exist: if the scope is missing, Slack says that first.
func (c *Client) ReadsFiles(ctx context.Context) (bool, error) {
	_, err := c.Look(ctx, "F0")
	switch CodeOf(err) {
	case "missing_scope":
		return false, nil
	case "file_not_found":
		return true, nil
	}
	return true, err
}

// Fetch streams the bytes of a file into an upload of the same name, and returns the upload's
// id. The file that it becomes has the same id.
func (c *Client) Fetch(ctx context.Context, f StoredFile) (string, error) {
	const method = "files.getUploadURLExternal"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return "", err
	}
	to, err := c.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: f.Name, FileSize: int(f.Size)})
	if err != nil {
		return "", c.failed(ctx, method, err)
	}
	content, err := c.open(ctx, f)
	if err != nil {
		return "", err
	}
	defer content.Close()
	return to.FileID, c.pour(ctx, content, f.Size, to.UploadURL)
}

// Upload makes an upload of some bytes, with words for those who do not see what they show, and returns
// its id. Nobody sees it yet: see Share.
func (c *Client) Upload(ctx context.Context, name, alt string, content []byte) (string, error) {
	const method = "files.getUploadURLExternal"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return "", err
	}
	to, err := c.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: name, FileSize: len(content), AltTxt: alt})
	if err != nil {
		return "", c.failed(ctx, method, err)
	}
	return to.FileID, c.pour(ctx, bytes.NewReader(content), int64(len(content)), to.UploadURL)
}

// Calls that are no methods of the Web API, as errors and measurements name them.
const (
	methodDownload = "files.download"
	methodUpload   = "files.upload_bytes"
)

// notTheFile says that Slack answered with something other than the file, such as the page
// on which people sign in.
const notTheFile = "not_the_file"

// open asks for the bytes of a file.
func (c *Client) open(ctx context.Context, f StoredFile) (io.ReadCloser, error) {
	if !c.trusted(f.address) {
		return nil, &Error{Method: methodDownload, Code: "not_slack", Scope: Refused}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.address, nil)
	if err != nil {
		return nil, &Error{Method: methodDownload, Code: "not_slack", Scope: Refused}
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	answer, err := c.transfer(methodDownload, r)
	if err != nil {
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	page := kind == "text/html" && f.kind != kind
	if page || answer.ContentLength >= 0 && answer.ContentLength != f.Size {
		_ = answer.Body.Close()
		return nil, &Error{Method: methodDownload, Code: notTheFile, Scope: Refused}
	}
	return answer.Body, nil
}

// pour sends bytes to the address of an upload. The address is a secret and needs no token.
func (c *Client) pour(ctx context.Context, content io.Reader, size int64, address string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, content)
	if err != nil {
		return &Error{Method: methodUpload, Code: "not_called", Scope: Temporary}
	}
	r.ContentLength = size // more or fewer bytes are an error
	r.Header.Set("Content-Type", "application/octet-stream")
	answer, err := c.transfer(methodUpload, r)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

// transfer makes a call whose body is not read into memory and may take any time.
func (c *Client) transfer(method string, r *http.Request) (*http.Response, error) {
	began := time.Now()
	client := &http.Client{Transport: c.to}
	answer, err := client.Do(r)
	failed := &Error{Method: method, Code: "no_answer", Scope: Temporary}
	switch {
	case err != nil:
		failed.Cause = redactURL(err)
	case answer.StatusCode == http.StatusOK:
		c.meter.Called(method, "ok", time.Since(began))
		return answer, nil
	default:
		_ = answer.Body.Close()
		failed.Code = fmt.Sprintf("http_%d", answer.StatusCode)
		if answer.StatusCode < http.StatusInternalServerError && answer.StatusCode != http.StatusTooManyRequests {
			failed.Scope = Refused
		}
	}
	c.meter.Called(method, failed.Code, time.Since(began))
	return nil, failed
}

// trusted reports whether the token may be sent to an address: one of Slack, or of the Web
// API.
func (c *Client) trusted(address string) bool {
	to, err := url.Parse(address)
	api, apiErr := url.Parse(c.url)
	if err != nil || apiErr != nil {
		return false
	}
	host := strings.ToLower(to.Hostname())
	slacks := to.Scheme == "https" && (host == "slack.com" || strings.HasSuffix(host, ".slack.com") ||
		host == "slack-gov.com" || strings.HasSuffix(host, ".slack-gov.com"))
	return slacks || to.Scheme == api.Scheme && to.Host == api.Host
}

// Share makes an upload stand in a channel, a thread or the direct messages with a person,
// under a title. Its message comes a moment later: then Look tells where it stands. As with
// Post, the end of ctx does not cancel a call that has begun.
func (c *Client) Share(ctx context.Context, guard func() error, upload, title, channel, thread string) error {
	const method = "files.completeUploadExternal"
	channel, err := c.conversation(ctx, channel)
	if err != nil {
		return err
	}
	if err := c.beforeCall(ctx, guard, method, channel); err != nil {
		return err
	}
	_, err = c.api.CompleteUploadExternalContext(context.WithoutCancel(ctx), slack.CompleteUploadExternalParameters{
		Files: []slack.FileSummary{{ID: upload, Title: title}}, Channel: channel, ThreadTimestamp: thread,
	})
	if err != nil {
		return c.failed(ctx, method, err)
	}
	return nil
}

// DeleteFile deletes a file of ours. It is no error if the file is gone already.
func (c *Client) DeleteFile(ctx context.Context, id string) error {
	const method = "files.delete"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return err
	}
	if err := c.api.DeleteFileContext(ctx, id); err != nil {
		if e := c.failed(ctx, method, err); ScopeOf(e) != Gone {
			return e
		}
	}
	return nil
}
