package slackapi

import (
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

// A file goes along from one place to another in two parts: Fetch streams its bytes into
// an upload, of which nobody sees anything yet, and Share has that stand somewhere. What
// becomes of a Share that had no answer, Look tells.
// https://docs.slack.dev/messaging/working-with-files

// StoredFile is a file as it is now.
type StoredFile struct {
	slackformat.File
	Readable bool             // its bytes can be had: Slack keeps them, and does not hide them
	Shared   []ticket.Message // where it stands, as far as the bot sees

	kind    string // its media type
	address string // of the bytes
}

// Look tells what Slack knows of a file now. One that is deleted, or that the bot does
// not see, is an Error with the scope Gone.
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

// ReadsFiles asks Slack whether the bot may read files, by a file that does not exist: that
// a scope is missing it says first.
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

// Fetch streams the bytes of a file into an upload of the same name, and returns the
// upload's id: that of the file it is to become.
func (c *Client) Fetch(ctx context.Context, f StoredFile) (string, error) {
	const method = "files.getUploadURLExternal"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return "", err
	}
	to, err := c.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: f.Name, FileSize: int(f.Size)})
	if err != nil {
		return "", c.failed(ctx, method, err)
	}
	bytes, err := c.open(ctx, f)
	if err != nil {
		return "", err
	}
	defer bytes.Close()
	return to.FileID, c.pour(ctx, bytes, f.Size, to.UploadURL)
}

// Methods that are none of the Web API, as errors and measurements name them.
const (
	methodDownload = "files.download"
	methodUpload   = "files.upload_bytes"
)

// notTheFile: Slack answered with something else than the file, such as the page on
// which people sign in.
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

// pour sends bytes to an upload. The address is a secret, and needs no token.
func (c *Client) pour(ctx context.Context, bytes io.Reader, size int64, address string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes)
	if err != nil {
		return &Error{Method: methodUpload, Code: "not_called", Scope: Temporary}
	}
	r.ContentLength = size // one byte more or less is an error
	r.Header.Set("Content-Type", "application/octet-stream")
	answer, err := c.transfer(methodUpload, r)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

// transfer makes a call whose body is not read into memory, and is as long as it takes.
func (c *Client) transfer(method string, r *http.Request) (*http.Response, error) {
	began := time.Now()
	client := &http.Client{}
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

// trusted reports whether the token may be sent to an address: to Slack's own, or where
// the Web API is.
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

// Share has an upload stand in a channel, a thread or the direct messages with a person,
// under a title. The message comes a moment later: Look then tells where it stands. Like
// Post, a call that has begun is not cut when ctx ends.
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

// DeleteFile deletes a file of ours. One that is gone already is no error.
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
