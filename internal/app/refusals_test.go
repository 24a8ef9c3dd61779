package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/slacksim"
)

// refusals are what Slack documents that it may answer to each method, but that it is
// called too fast: that is not about one message.
// https://docs.slack.dev/reference/methods
var refusals = map[string]string{
	"chat.postMessage": "app_access_restricted as_user_not_supported attachment_payload_limit_exceeded cannot_reply_to_message channel_not_found " +
		"draft_already_deleted draft_already_sent draft_has_conflict draft_not_found duplicate_channel_not_found " +
		"duplicate_message_not_found invalid_blocks invalid_blocks_format invalid_metadata_format invalid_metadata_schema is_archived " +
		"markdown_text_conflict message_limit_exceeded messages_tab_disabled metadata_must_be_sent_from_app metadata_too_large " +
		"missing_file_data msg_blocks_too_long no_text not_in_channel restricted_action " +
		"restricted_action_non_threadable_channel restricted_action_read_only_channel restricted_action_thread_locked " +
		"restricted_action_thread_only_channel send_on_behalf_not_allowed slack_connect_canvas_sharing_blocked " +
		"slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked team_not_found too_many_attachments " +
		"too_many_contact_cards ",
	"chat.update": "as_user_not_supported block_mismatch blocked_file_type cant_broadcast_message cant_update_message channel_not_found " +
		"edit_window_closed external_channel_migrating file_deleted file_is_deleted file_not_found file_share_limit_reached " +
		"invalid_attachments invalid_blocks invalid_blocks_format invalid_metadata_format invalid_metadata_schema is_inactive " +
		"markdown_text_conflict max_file_sharing_exceeded message_limit_exceeded message_not_found metadata_must_be_sent_from_app " +
		"metadata_too_large msg_too_long no_dual_broadcast_content_update no_text posting_to_channel_denied slack_connect_blocked_file_type " +
		"slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked slack_connect_file_link_sharing_blocked " +
		"slack_connect_file_upload_sharing_blocked streaming_state_conflict team_not_found too_many_attachments unable_to_share_files " +
		"update_failed ",
	"chat.postEphemeral": "cannot_reply_to_message channel_not_found invalid_attachments invalid_blocks invalid_blocks_format is_archived " +
		"markdown_text_conflict message_limit_exceeded messages_tab_disabled msg_too_long no_text not_in_channel restricted_action " +
		"too_many_attachments user_not_in_channel ",
	"chat.delete": "cant_delete_message channel_not_found message_not_found ",
}

// TestNoRefusalSilencesAnAlert has Slack refuse one message of each ticket for ever, in
// each way that it documents. Everything else about the ticket is told.
func TestNoRefusalSilencesAnAlert(t *testing.T) {
	t.Parallel()
	for method, list := range refusals {
		codes := strings.Fields(list)
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			w := setup(t, inCategoriesOfTheirOwn(len(codes)))
			for i, code := range codes {
				w.refusesOneOf(i+1, method, slacksim.Fault{Kind: slacksim.FaultError, Error: code})
			}
			w.tellsAllAlerts(codes)
		})
	}
}

// Slack wants the method left alone for so long that an alert would be late.
func TestNoLimitSilencesAnAlert(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.refusesOneOf(1, "chat.update", slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 20})
	began := time.Now()
	w.tellsAllAlerts([]string{"a limit"})
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("the alerts took %v", took)
	}
}

// inCategoriesOfTheirOwn keeps many tickets at once from counting as a flood.
func inCategoriesOfTheirOwn(n int) choice {
	return func(c *config_, _ *simConfig) {
		c.Categories = nil
		for i := range n {
			c.Categories = append(c.Categories, config.Category{Name: categoryOf(i + 1)})
		}
	}
}

func categoryOf(number int) string { return fmt.Sprint("Service ", number) }

// refusesOneOf opens a P1 and has a method fail for ever on one of its messages.
func (w *world) refusesOneOf(number int, method string, f slacksim.Fault) {
	w.t.Helper()
	f.Method, f.Text = method, fmt.Sprintf("Site %d.", number)
	p1 := filing{priority: "P1", title: f.Text, text: "500 everywhere.", category: w.cfg.Categories[number-1].Name}
	if method == "chat.update" { // all that names the ticket: its card, and an alert that is told again
		alice := w.as("alice")
		card := alice.opens(p1)
		w.trouble(f)
		alice.chooses(card, fmt.Sprintf("edit:%d", number))
		alice.submits(slacksim.Values{"text": "501 everywhere."})
		return
	}
	carol := w.as("carol") // is not in the channel: what she writes is repeated there
	carol.types("/support")
	carol.submits(p1.values())
	receipt := carol.gets(f.Text)
	words := fmt.Sprintf("Words %d.", number)
	switch method {
	case "chat.postMessage":
		f.Text = words
		w.trouble(f)
		carol.answers(receipt, words)
	case "chat.postEphemeral": // that it was passed on
		f.Text = receipt.TS
		w.trouble(f)
		carol.answers(receipt, words)
	case "chat.delete": // what repeats it
		said := carol.answers(receipt, words)
		f.Text = w.reads("support", words).TS
		w.trouble(f)
		carol.ok(carol.actor.Delete(w.ctx, receipt.Channel, said.TS))
	}
}

// tellsAllAlerts lets time pass, and waits until each of the tickets is warned of, late,
// told again and again, and late to be solved.
func (w *world) tellsAllAlerts(of []string) {
	w.t.Helper()
	for _, step := range []struct {
		after time.Duration
		tells string
	}{
		{12 * time.Minute, "has no answer yet and is to be answered by"},
		{3*time.Minute + time.Second, "has no answer yet and was to be answered by"},
		{10 * time.Minute, "still has no answer"},
		{35 * time.Minute, "passed its 1 h target"},
	} {
		w.advance(step.after)
		for i, what := range of {
			w.await(fmt.Sprintf("%s: %q of #%d", what, step.tells, i+1), func(s slacksim.State) bool {
				for _, m := range s.Channel("support").Messages {
					said := withoutAddresses(m)
					if strings.Contains(said, step.tells) && strings.Contains(said, fmt.Sprintf("#%d ", i+1)) {
						return true
					}
				}
				return false
			})
		}
	}
}
