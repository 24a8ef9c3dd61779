package webapi

import (
	"cmp"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// shareAfter is how long after files.completeUploadExternal the message stands.
const shareAfter = 100 * time.Millisecond

// pendingUpload is a file of which Slack knows the name and size, and soon the
// content.
type pendingUpload struct {
	file   *workspace.File
	length int
	filled bool
}

// longestAlt is the most that words for who does not see a file may be.
const longestAlt = 1000

// getUploadURL begins an upload.
// https://docs.slack.dev/reference/methods/files.getUploadURLExternal
func (api *API) getUploadURL(tx *workspace.Tx, a args) (wire.Object, error) {
	length, err := strconv.Atoi(a["length"])
	switch {
	case a["filename"] == "" || err != nil || length <= 0:
		return nil, refuse("missing_argument")
	case length > workspace.MaxFile:
		return nil, refuse("file_upload_size_restricted")
	}
	if utf8.RuneCountInString(a["alt_txt"]) > longestAlt {
		return nil, refuse("invalid_arguments")
	}
	f := &workspace.File{ID: tx.NewID("F"), Name: path.Base(a["filename"]), AltText: a["alt_txt"], User: tx.Bot.User, Mode: workspace.ModeHosted}
	ticket := wire.RandomHex(16)
	api.issued.Of(tx).uploads[ticket] = &pendingUpload{file: f, length: length}
	return wire.Object{"upload_url": tx.URL + "/upload/v1/" + ticket, "file_id": f.ID}, nil
}

// serveUpload takes the bytes, raw or as the field file of a form; no token is
// needed.
func (api *API) serveUpload(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	ticket := r.PathValue("ticket")
	content, err := uploaded(w, r)
	ans := answer{status: http.StatusBadRequest, page: "bad upload", body: wire.Object{"error": "bad upload"}}
	if err == nil {
		ans = api.withFaults(r, methodUpload, nil, func(tx *workspace.Tx) answer { return api.fillUpload(tx, ticket, content) })
	}
	api.answerCall(w, r, workspace.Entry{Method: methodUpload, Args: args{"bytes": strconv.Itoa(len(content))}, Duration: time.Since(started)}, ans)
}

func uploaded(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(w, r.Body, workspace.MaxFile+1<<20)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return io.ReadAll(r.Body) //nolint:wrapcheck // any error is a bad upload
	}
	part, _, err := r.FormFile("file")
	if err != nil {
		return nil, err //nolint:wrapcheck // any error is a bad upload
	}
	defer part.Close()
	return io.ReadAll(part) //nolint:wrapcheck // any error is a bad upload
}

// fillUpload refuses what is not as long as was said.
func (api *API) fillUpload(tx *workspace.Tx, ticket string, content []byte) answer {
	u := api.issued.Of(tx).uploads[ticket]
	switch {
	case u == nil:
		return answer{status: http.StatusNotFound, page: "no such upload", body: wire.Object{"error": "no such upload"}}
	case len(content) != u.length:
		return answer{status: http.StatusBadRequest, page: "wrong length", body: wire.Object{"error": "wrong length"}}
	}
	u.file.Content, u.filled = content, true
	return answer{status: http.StatusOK, page: "OK - " + strconv.Itoa(len(content))}
}

// completeUpload ends an upload and shares its files. The message comes a moment
// later, so that shares are empty in the answer, unless the beliefs say otherwise.
// https://docs.slack.dev/reference/methods/files.completeUploadExternal,
// slackapi/python-slack-sdk#1520
func (api *API) completeUpload(tx *workspace.Tx, a args) (wire.Object, error) {
	var named []struct{ ID, Title string }
	if json.Unmarshal(a.json("files"), &named) != nil || len(named) == 0 {
		return nil, invalidArguments("[ERROR] missing required field: files")
	}
	channels, err := shareTargets(tx, a)
	if err != nil {
		return nil, err
	}
	var files []workspace.File
	for _, n := range named {
		f, err := api.finishUpload(tx, n.ID, n.Title)
		if err != nil {
			return nil, err
		}
		files = append(files, *f)
	}
	share := func(tx *workspace.Tx) { share(tx, channels, files, a) }
	if tx.Beliefs.FilesAtOnce {
		share(tx)
	} else {
		tx.After(shareAfter, share)
	}
	list := []wire.Object{}
	for _, f := range files {
		list = append(list, fileInfo(tx, &f))
	}
	return wire.Object{"files": list}, nil
}

// shareTargets finds where to post: channels by id, of which the bot is a
// member. A direct message goes by its own id, not by that of the person.
func shareTargets(tx *workspace.Tx, a args) ([]*workspace.Channel, error) {
	var channels []*workspace.Channel
	for ref := range strings.SplitSeq(cmp.Or(a["channel_id"], a["channels"]), ",") {
		if ref == "" {
			continue
		}
		c, err := visible(tx, ref)
		switch {
		case err != nil:
			return nil, err
		case c.Archived:
			return nil, refuse("is_archived")
		case !c.Has(tx.Bot.User):
			return nil, refuse("not_in_channel")
		}
		if err := CheckThread(c, a["thread_ts"]); err != nil {
			return nil, err
		}
		channels = append(channels, c)
	}
	return channels, nil
}

// finishUpload makes a file of an upload whose bytes have come. Whether one that
// is finished can be finished again is not documented.
func (api *API) finishUpload(tx *workspace.Tx, id, title string) (*workspace.File, error) {
	uploads := api.issued.Of(tx).uploads
	for ticket, u := range uploads {
		if u.file.ID == id && u.filled {
			delete(uploads, ticket)
			u.file.Title = title
			return tx.Keep(u.file), nil
		}
	}
	if f := tx.Files[id]; f != nil && f.User == tx.Bot.User && tx.Beliefs.CompleteAgain {
		return f, nil
	}
	return nil, refuse("file_not_found")
}

// share posts the files. What became impossible in the meantime does not come.
func share(tx *workspace.Tx, channels []*workspace.Channel, files []workspace.File, a args) {
	for _, c := range channels {
		if c.Archived || !c.Has(tx.Bot.User) || CheckThread(c, a["thread_ts"]) != nil {
			continue
		}
		tx.Post(c, workspace.Message{
			User: tx.Bot.User, BotID: tx.Bot.ID, Subtype: workspace.FileShare, ThreadTS: a["thread_ts"],
			Text: a["initial_comment"], Files: files,
		})
	}
}

// seenFile finds a file that the bot can see.
func seenFile(tx *workspace.Tx, a args) (*workspace.File, error) {
	f := tx.Files[a["file"]]
	if f == nil || !botSees(tx, f) {
		return nil, refuse("file_not_found")
	}
	return f, nil
}

// filesInfo tells of a file, and in which messages it stands.
func (api *API) filesInfo(tx *workspace.Tx, a args) (wire.Object, error) {
	f, err := seenFile(tx, a)
	if err != nil {
		return nil, err
	}
	return wire.Object{
		"file": fileInfo(tx, f), "comments": []any{}, "response_metadata": nextCursor(""),
		"paging": wire.Object{"count": 0, "total": 0, "page": 1, "pages": 0},
	}, nil
}

// fileInfo is a file with its shares where the bot is.
func fileInfo(tx *workspace.Tx, f *workspace.File) wire.Object {
	var o wire.Object
	_ = wire.Decode(wire.Encode(f), &o) // it was encoded just now
	public, private := wire.Object{}, wire.Object{}
	for _, c := range tx.Channels {
		if !c.Has(tx.Bot.User) {
			continue
		}
		for _, m := range sharesIn(c, f) {
			list := public
			if c.Private || c.IM {
				list = private
			}
			before, _ := list[c.ID].([]wire.Object)
			list[c.ID] = append(before, shareOf(tx, c, m))
		}
	}
	o["shares"], o["timestamp"], o["editable"], o["is_public"] = wire.Object{"public": public, "private": private}, f.Created, false, len(public) > 0
	return o
}

func shareOf(tx *workspace.Tx, c *workspace.Channel, m *workspace.Message) wire.Object {
	o := wire.Object{
		"ts": m.TS, "channel_name": c.Name, "team_id": tx.Team.ID, "share_user_id": m.User,
		"reply_users": append([]string{}, m.ReplyUsers...), "reply_users_count": len(m.ReplyUsers), "reply_count": m.ReplyCount,
	}
	wire.PutText(o, "thread_ts", m.ThreadTS)
	wire.PutText(o, "latest_reply", m.LatestReply)
	return o
}

// filesDelete deletes a file of the bot's own.
func (api *API) filesDelete(tx *workspace.Tx, a args) (wire.Object, error) {
	f, err := seenFile(tx, a)
	switch {
	case err != nil:
		return nil, err
	case f.User != tx.Bot.User:
		return nil, refuse("cant_delete_file")
	}
	tx.EraseFile(f)
	return wire.Object{}, nil
}
