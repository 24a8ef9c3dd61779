package slackapi

import "strings"

// codes are Slack's error codes, separated by spaces, by scope.
type codes map[Scope]string

// everywhere are the errors that every method may answer. A missing right to write has the
// scope Channel: admins switch off single channels (ekm_access_denied), and no_permission
// was seen for a channel that the app was not in. A missing right of the installed app has
// the scope Call, because other methods work.
// https://docs.slack.dev/reference/methods/chat.postMessage, "Errors"
// https://github.com/integrations/slack/issues/922
var everywhere = codes{
	Workspace: "not_authed invalid_auth account_inactive token_revoked token_expired org_login_required team_access_not_granted " +
		"two_factor_setup_required",
	Call: "missing_scope not_allowed_token_type enterprise_is_restricted accesslimited deprecated_endpoint method_deprecated " +
		"invalid_arg_name invalid_array_arg invalid_charset invalid_form_data invalid_post_type missing_post_type invalid_json json_not_object",
	Channel:   "no_permission ekm_access_denied access_denied",
	Refused:   "invalid_arguments",
	Limited:   "ratelimited rate_limited",
	Temporary: "team_added_to_org",                                              // the workspace is being moved
	Unsure:    "internal_error fatal_error request_timeout service_unavailable", // part of the work may have happened
}

// documented are the errors of every method that is called, in addition to everywhere. Each
// is on the page of its method. Errors that no page has are in reported.
// https://docs.slack.dev/reference/methods
var documented = map[string]codes{
	"apps.connections.open": {Call: "forbidden_team insecure_request missing_args"},
	"auth.test":             {},
	"chat.postMessage": {
		Channel: placeCloses + " channel_not_found not_in_channel is_archived app_access_restricted",
		Gone:    "cannot_reply_to_message",
		Refused: contents + " msg_blocks_too_long attachment_payload_limit_exceeded too_many_contact_cards missing_file_data messages_tab_disabled " +
			"slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked",
		Call: "as_user_not_supported send_on_behalf_not_allowed team_not_found " +
			"draft_already_deleted draft_already_sent draft_has_conflict draft_not_found",
		Temporary: "message_limit_exceeded duplicate_channel_not_found duplicate_message_not_found",
	},
	"chat.update": {
		Channel: placeCloses + " channel_not_found not_in_channel is_archived is_inactive posting_to_channel_denied",
		Gone:    "message_not_found",
		Fixed:   "cant_update_message edit_window_closed",
		Refused: contents + " invalid_attachments msg_too_long block_mismatch cant_broadcast_message no_dual_broadcast_content_update " +
			"blocked_file_type file_deleted file_is_deleted file_not_found file_share_limit_reached max_file_sharing_exceeded unable_to_share_files " +
			"slack_connect_blocked_file_type slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked " +
			"slack_connect_file_link_sharing_blocked slack_connect_file_upload_sharing_blocked",
		Call:      "as_user_not_supported team_not_found",
		Temporary: "message_limit_exceeded external_channel_migrating streaming_state_conflict update_failed",
	},
	"chat.postEphemeral": {
		Channel:   placeCloses + " channel_not_found not_in_channel is_archived",
		Gone:      "cannot_reply_to_message",
		Refused:   contents + " invalid_attachments msg_too_long messages_tab_disabled user_not_in_channel",
		Temporary: "message_limit_exceeded",
	},
	"chat.delete": {
		Channel: "channel_not_found not_in_channel is_archived",
		Gone:    "message_not_found",
		Fixed:   "cant_delete_message",
	},
	"views.open": {
		Refused: "duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id view_too_large",
	},
	"views.update": {Refused: "duplicate_external_id hash_conflict not_found view_too_large"},
	"views.publish": {
		Refused: "hash_conflict view_too_large",
		Call:    "not_enabled", // the app has no Home tab
	},
	"functions.completeSuccess": {
		Refused: "execution_not_in_running_state function_execution_not_found parameter_validation_failed",
	},
	"functions.completeError": {
		Refused: "execution_not_in_running_state function_execution_not_found",
	},
	"conversations.info": {
		Channel: "channel_not_found channel_is_limited_access",
	},
	"conversations.history": {
		Channel:   "channel_not_found channel_is_limited_access not_in_channel",
		Call:      "invalid_metadata_filter_keys invalid_ts_latest invalid_ts_oldest",
		Temporary: "invalid_cursor",
	},
	"conversations.replies": {
		Channel:   "channel_not_found not_in_channel method_not_supported_for_channel_type",
		Gone:      "thread_not_found",
		Call:      "invalid_metadata_filter_keys invalid_ts_latest invalid_ts_oldest",
		Temporary: "invalid_cursor list_record_comment_fetch_failed",
	},
	"conversations.open": {
		Channel: "channel_not_found method_not_supported_for_channel_type",
		Refused: "user_disabled user_not_found user_not_visible cannot_dm_bot invalid_user_combination not_enough_users too_many_users users_list_not_supplied",
	},
	"conversations.members": {
		Channel:   "channel_not_found method_not_supported_for_channel_type",
		Call:      "invalid_limit",
		Temporary: "invalid_cursor fetch_members_failed",
	},
	"conversations.create": {
		Refused: "cannot_create_channel invalid_name invalid_name_maxlength invalid_name_punctuation invalid_name_required invalid_name_specials " +
			"missing_argument name_taken no_channel canvas_disabled_user_team",
		Call: "restricted_action",
	},
	"conversations.invite": {
		Channel: "channel_not_found is_archived method_not_supported_for_channel_type not_in_channel",
		Refused: "already_in_channel cant_invite cant_invite_self invitee_cant_see_channel org_user_not_in_team no_permission " +
			"no_external_invite_permission no_user ura_max_channels user_is_restricted user_not_found",
		Temporary: "external_channel_migrating",
	},
	"conversations.kick": {
		Channel: "channel_not_found method_not_supported_for_channel_type",
		Refused: "cant_kick_from_general cant_kick_self not_in_channel not_supported user_not_found",
		Call:    "restricted_action",
	},
	"conversations.archive": {
		Channel: "already_archived channel_not_found method_not_supported_for_channel_type not_in_channel",
		Refused: "cant_archive_general cant_archive_required",
		Call:    "restricted_action",
	},
	"bookmarks.add":            bookmarked,
	"bookmarks.edit":           bookmarked,
	"bookmarks.list":           bookmarked,
	"bookmarks.remove":         bookmarked,
	"conversations.setTopic":   described,
	"conversations.setPurpose": described,
	"conversations.list":       listed,
	"users.conversations":      listed,
	"users.info":               {Refused: "user_not_found user_not_visible too_many_users"},
	"usergroups.list": {
		Call:      "missing_argument plan_upgrade_required invalid_team",
		Refused:   "users_not_found",
		Temporary: "invalid_cursor",
	},
	"usergroups.users.list": {
		Call:      "plan_upgrade_required",
		Refused:   "no_such_subteam",
		Temporary: "invalid_cursor",
	},
	"usergroups.users.update": {
		Call:    "permission_denied plan_upgrade_required",
		Refused: "no_such_subteam no_users_provided invalid_users invalid_user failed_for_some_users single_channel_guests_cannot_be_added missing_argument",
	},
	"files.getUploadURLExternal": {
		Refused: "file_upload_size_restricted file_uploads_disabled file_uploads_except_images_disabled file_type_not_allowed storage_limit_reached " +
			"alt_txt_too_large snippet_too_large unknown_snippet_type unknown_subtype missing_argument",
	},
	"files.completeUploadExternal": {
		Channel:   "channel_not_found invalid_channel not_in_channel posting_to_channel_denied",
		Gone:      "file_not_found",
		Refused:   "access_denied file_type_not_allowed file_uploads_except_images_disabled invalid_blocks channels_limit_exceeded",
		Temporary: "file_update_failed",
	},
	"files.info": {
		Gone: "file_not_found file_deleted not_visible template_not_visible access_denied",
		Refused: "canvas_disabled_file_team canvas_disabled_user_team canvas_globally_disabled " +
			"slack_connect_canvas_sharing_blocked",
	},
	"files.delete": {
		Gone:    "file_not_found file_deleted",
		Refused: "cant_delete_file delete_not_allowed file_deleting_disabled",
	},
}

// The errors that several methods share.
const (
	placeCloses = "restricted_action restricted_action_non_threadable_channel restricted_action_read_only_channel " +
		"restricted_action_thread_locked restricted_action_thread_only_channel"
	contents = "no_text invalid_blocks invalid_blocks_format markdown_text_conflict too_many_attachments " +
		"metadata_too_large metadata_must_be_sent_from_app invalid_metadata_format invalid_metadata_schema"
)

var described = codes{
	Channel: "channel_not_found is_archived method_not_supported_for_channel_type not_in_channel",
	Refused: "too_long",
	Call:    "user_is_restricted",
}

var listed = codes{
	Channel:   "method_not_supported_for_channel_type",
	Call:      "invalid_limit invalid_types missing_argument",
	Temporary: "invalid_cursor",
}

// reported are errors that people have seen and no page has. They hold for every method.
// thread_not_found of a post: https://github.com/slackapi/bolt-js/issues/2307
var reported = codes{
	Gone:    "message_not_found thread_not_found file_not_found file_deleted file_not_visible",
	Channel: "channel_not_found not_in_channel is_archived is_inactive " + placeCloses,
	Refused: "msg_too_long invalid_attachments user_not_in_channel user_not_found user_disabled user_not_visible cannot_dm_bot messages_tab_disabled " +
		"file_upload_size_restricted file_uploads_disabled storage_limit_reached",
}

// scopes are the scopes of errors, by method and code. Errors of every method are under the
// empty method.
var scopes = func() map[string]map[string]Scope {
	all := map[string]map[string]Scope{"": {}}
	add := func(method string, c codes) {
		if all[method] == nil {
			all[method] = map[string]Scope{}
		}
		for scope, list := range c {
			for code := range strings.FieldsSeq(list) {
				all[method][code] = scope
			}
		}
	}
	add("", reported)
	add("", everywhere)
	for method, c := range documented {
		add(method, c)
	}
	return all
}()

// scopeOf is the scope of an error of a method. An unknown error concerns only the message of
// the call, and may pass.
func scopeOf(method, code string) Scope {
	if scope, ok := scopes[method][code]; ok {
		return scope
	}
	if scope, ok := scopes[""][code]; ok {
		return scope
	}
	return Temporary
}

// bookmarked are the errors of the methods for bookmarks.
var bookmarked = codes{
	Channel: "channel_not_found permission_denied",
	Gone:    "not_found",
	Refused: "invalid_bookmark_type invalid_emoji invalid_link invalid_entity_id invalid_parent_type parent_with_link too_many_bookmarks",
	Call:    "not_implemented restricted_action user_is_restricted",
}
