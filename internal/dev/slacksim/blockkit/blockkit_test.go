package blockkit

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What Slack says, whole and in order.
func TestWording(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 3001)
	for name, tt := range map[string]struct {
		place place
		json  string
		want  []string
	}{
		"text too long": {asBlock, `{"type":"section","text":{"type":"mrkdwn","text":"` + long + `"}}`, []string{
			"failed to match all allowed schemas [json-pointer:/blocks/0/text]",
			"must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
		}},
		"view field too long": {asView, `{"type":"home","blocks":[],"private_metadata":"` + long + `"}`, []string{
			"failed to match all allowed schemas [json-pointer:/view]",
			"must be less than 3001 characters [json-pointer:/view/private_metadata]",
		}},
		"unknown block":        {asBlock, `{"type":"sectoin"}`, []string{"unsupported type: sectoin [json-pointer:/blocks/0/type]"}},
		"unknown element":      {asAction, `{"type":"lever"}`, []string{"unsupported type: lever [json-pointer:/blocks/0/elements/0/type]"}},
		"no type":              {asBlock, `{}`, []string{"missing required field: type [json-pointer:/blocks/0]"}},
		"type no string":       {asBlock, `{"type":7}`, []string{"must provide a string [json-pointer:/blocks/0/type]"}},
		"block no object":      {asBlock, `7`, []string{"must provide an object [json-pointer:/blocks/0]"}},
		"blocks no array":      {bare, `{}`, []string{"must provide an array [json-pointer:/blocks]"}},
		"blocks null":          {bare, `null`, []string{"must provide an array [json-pointer:/blocks]"}},
		"blocks no JSON":       {bare, `[{]`, []string{"must provide an array [json-pointer:/blocks]"}},
		"no blocks":            {bare, ``, nil},
		"empty blocks":         {bare, `[]`, nil},
		"missing field":        {asBlock, `{"type":"header"}`, []string{"missing required field: text [json-pointer:/blocks/0]"}},
		"unknown property":     {asBlock, `{"type":"divider","colour":"red"}`, []string{"invalid additional property: colour [json-pointer:/blocks/0]"}},
		"block_id on element":  {asAction, `{"type":"button","text":` + some + `,"block_id":"b"}`, []string{"invalid additional property: block_id [json-pointer:/blocks/0/elements/0]"}},
		"null property":        {asBlock, `{"type":"section","text":` + some + `,"accessory":null}`, []string{"must provide an object [json-pointer:/blocks/0/accessory]"}},
		"text or fields":       {asBlock, `{"type":"section"}`, []string{"must define either `text` or `fields` [json-pointer:/blocks/0/type]"}},
		"options or groups":    {asAccessory, `{"type":"static_select"}`, []string{"must define either `options` or `option_groups` [json-pointer:/blocks/0/accessory/type]"}},
		"image of nothing":     {asBlock, `{"type":"image","alt_text":""}`, []string{"must define either `image_url` or `slack_file` [json-pointer:/blocks/0/type]"}},
		"slack file":           {asBlock, `{"type":"image","alt_text":"","slack_file":{}}`, []string{"invalid slack file [json-pointer:/blocks/0/slack_file]"}},
		"emoji in mrkdwn":      {asBlock, `{"type":"section","text":{"type":"mrkdwn","text":"x","emoji":true}}`, []string{"failed to match all allowed schemas [json-pointer:/blocks/0/text]", "invalid additional property: emoji [json-pointer:/blocks/0/text]"}},
		"verbatim in plain":    {asBlock, `{"type":"header","text":{"type":"plain_text","text":"x","verbatim":true}}`, []string{"invalid additional property: verbatim [json-pointer:/blocks/0/text]"}},
		"mrkdwn in header":     {asBlock, `{"type":"header","text":{"type":"mrkdwn","text":"x"}}`, []string{"unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"}},
		"mrkdwn in select":     {asAccessory, `{"type":"static_select","options":[{"value":"v","text":{"type":"mrkdwn","text":"x"}}]}`, []string{"unsupported type: mrkdwn [json-pointer:/blocks/0/accessory/options/0/text/type]"}},
		"mrkdwn in radio":      {asAccessory, `{"type":"radio_buttons","options":[{"value":"v","text":{"type":"mrkdwn","text":"x"}}]}`, nil},
		"url in select":        {asAccessory, `{"type":"static_select","options":[{"value":"v","text":` + some + `,"url":"u"}]}`, []string{"invalid additional property: url [json-pointer:/blocks/0/accessory/options/0]"}},
		"button style":         {asAction, `{"type":"button","text":` + some + `,"style":"loud"}`, []string{"must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]"}},
		"confirm without deny": {asAction, `{"type":"button","text":` + some + `,"confirm":{"title":` + some + `,"text":` + some + `,"confirm":` + some + `}}`, []string{"missing required field: deny [json-pointer:/blocks/0/elements/0/confirm]"}},
		"multi in actions":     {asAction, `{"type":"multi_users_select"}`, []string{"unsupported element: multiselect [json-pointer:/blocks/0]"}},
		"multi in section":     {asAccessory, `{"type":"multi_users_select"}`, nil},
		"multi in input":       {asInput, `{"type":"multi_users_select"}`, nil},
		"text input in action": {asAction, `{"type":"plain_text_input"}`, []string{"unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"}},
		"email in action":      {asAction, `{"type":"email_text_input"}`, []string{"unsupported type: email_text_input [json-pointer:/blocks/0/elements/0/type]"}},
		"button in input":      {asInput, `{"type":"button","text":` + some + `}`, []string{"unsupported type: button [json-pointer:/blocks/0/element/type]"}},
		"number input":         {asInput, `{"type":"number_input","min_value":1}`, []string{"missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]", "must provide a string [json-pointer:/blocks/0/element/min_value]"}},
		"icon button":          {asBlock, `{"type":"context_actions","elements":[{"type":"icon_button","icon":"trash"}]}`, []string{"missing required field: text [json-pointer:/blocks/0/elements/0]"}},
		"dispatch":             {asInput, `{"type":"plain_text_input","dispatch_action_config":{"trigger_actions_on":["on_blur"]}}`, []string{"must be one of: on_enter_pressed, on_character_entered [json-pointer:/blocks/0/element/dispatch_action_config/trigger_actions_on/0]"}},
		"date":                 {asInput, `{"type":"datepicker","initial_date":"2026-1-31"}`, []string{"must match format YYYY-MM-DD [json-pointer:/blocks/0/element/initial_date]"}},
		"time":                 {asInput, `{"type":"timepicker","initial_time":"9:30"}`, []string{"must match format HH:mm [json-pointer:/blocks/0/element/initial_time]"}},
		"plan title":           {asBlock, `{"type":"plan","title":` + some + `}`, []string{"must provide a string [json-pointer:/blocks/0/title]"}},
		"task title":           {asBlock, `{"type":"task_card","task_id":"1","title":` + some + `}`, []string{"must provide a string [json-pointer:/blocks/0/title]"}},
		"card title":           {asBlock, `{"type":"card","title":"x"}`, []string{"failed to match all allowed schemas [json-pointer:/blocks/0/title]", "must provide an object [json-pointer:/blocks/0/title]"}},
		"slack icon":           {asBlock, `{"type":"card","title":` + some + `,"slack_icon":{"type":"icon"}}`, []string{"missing required field: name [json-pointer:/blocks/0/slack_icon]"}},
		"raw number":           {asBlock, `{"type":"data_table","caption":"c","rows":[[{"type":"raw_number","value":1}]]}`, []string{"unsupported type: raw_number [json-pointer:/blocks/0/rows/0/0/type]"}},
		"pie of nothing":       {asBlock, `{"type":"data_visualization","title":"t","chart":{"type":"pie","segments":[{"label":"a","value":0}]}}`, []string{"must be more than 0 [json-pointer:/blocks/0/chart/segments/0/value]"}},
		"half a level":         {asBlock, `{"type":"header","text":` + some + `,"level":1.5}`, []string{"must provide an integer [json-pointer:/blocks/0/level]"}},
		"flag as string":       {asBlock, `{"type":"section","text":` + some + `,"expand":"yes"}`, []string{"must provide a boolean [json-pointer:/blocks/0/expand]"}},
		"rich text":            {asBlock, `{"type":"rich_text","elements":[{"type":"rich_text_quote","elements":[{"type":"text","text":""},{"type":"link"}]}]}`, []string{"must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]", "missing required field: url [json-pointer:/blocks/0/elements/0/elements/1]"}},
		"list in a section":    {asBlock, `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"rich_text_list"}]}]}`, []string{"unsupported type: rich_text_list [json-pointer:/blocks/0/elements/0/elements/0/type]"}},
		"nested container":     {asBlock, `{"type":"container","title":` + some + `,"child_blocks":[{"type":"container"}]}`, []string{"unsupported type: container [json-pointer:/blocks/0/child_blocks/0/type]"}},
		"view without title":   {asView, `{"type":"modal"}`, []string{"failed to match all allowed schemas [json-pointer:/view]", "missing required field: blocks [json-pointer:/view]", "missing required field: title [json-pointer:/view]"}},
		"title in home":        {asView, `{"type":"home","blocks":[],` + title + `}`, []string{"failed to match all allowed schemas [json-pointer:/view]", "invalid additional property: title [json-pointer:/view]"}},
		"submit_disabled":      {asView, `{"type":"modal",` + title + `,"blocks":[],"submit_disabled":true}`, []string{"failed to match all allowed schemas [json-pointer:/view]", "invalid additional property: submit_disabled [json-pointer:/view]"}},
		"unknown view":         {asView, `{"type":"workflow_step"}`, []string{"failed to match all allowed schemas [json-pointer:/view]", "unsupported type: workflow_step [json-pointer:/view/type]"}},
		"no view":              {asView, ``, []string{"failed to match all allowed schemas [json-pointer:/view]", "must provide an object [json-pointer:/view]"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, tt.place(tt.json)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// Where each block may stand, as in the table of the Block Kit reference.
func TestSurfaces(t *testing.T) {
	t.Parallel()
	const task = `{"type":"task_card","task_id":"1","title":"x"}`
	const cells = `"rows":[[{"type":"raw_text","text":"x"}]]`
	for _, tt := range []struct {
		block, surfaces string
	}{
		{`{"type":"section","text":` + some + `}`, "modal message home"},
		{`{"type":"header","text":` + some + `}`, "modal message home"},
		{`{"type":"divider"}`, "modal message home"},
		{`{"type":"context","elements":[` + some + `]}`, "modal message home"},
		{`{"type":"actions","elements":[{"type":"users_select"}]}`, "modal message home"},
		{`{"type":"input","label":` + some + `,"element":{"type":"users_select"}}`, "modal message home"},
		{`{"type":"image","image_url":"u","alt_text":""}`, "modal message home"},
		{`{"type":"video","video_url":"u","thumbnail_url":"u","alt_text":"","title":` + some + `}`, "modal message home"},
		{`{"type":"rich_text","elements":[]}`, "modal message home"},
		{`{"type":"card","title":` + some + `}`, "modal message home"},
		{`{"type":"alert","text":` + some + `}`, "modal"},
		{`{"type":"table",` + cells + `}`, "message home"},
		{`{"type":"data_table","caption":"c",` + cells + `}`, "message home"},
		{`{"type":"data_visualization","title":"t","chart":{"type":"pie","segments":[{"label":"a","value":1}]}}`, "message home"},
		{`{"type":"container","title":` + some + `,"child_blocks":[{"type":"divider"}]}`, "message home"},
		{`{"type":"carousel","elements":[{"type":"card","title":` + some + `}]}`, "message"},
		{`{"type":"context_actions","elements":[{"type":"icon_button","icon":"trash","text":` + some + `}]}`, "message"},
		{`{"type":"markdown","text":"x"}`, "message"},
		{task, "message"},
		{`{"type":"plan","title":"x","tasks":[` + task + `]}`, "message"},
		{`{"type":"file","external_id":"1","source":"remote"}`, ""},
		{`{"type":"call","call_id":"R1"}`, ""},
	} {
		name := typeOf(t, tt.block)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for surface, s := range map[string]struct {
				place place
				at    string
			}{"modal": {inAModal, "/view"}, "message": {asBlock, ""}, "home": {inAHome, "/view"}} {
				got := s.place(tt.block)
				refusal := "unsupported type: " + name + " [json-pointer:" + s.at + "/blocks/0/type]"
				if strings.Contains(tt.surfaces, surface) {
					if got != nil {
						t.Errorf("in a %s: got %q, want it accepted", surface, got)
					}
				} else if !slices.Contains(got, refusal) {
					t.Errorf("in a %s: got %q, want %q among them", surface, got, refusal)
				}
			}
		})
	}
}

// typeOf also notices when a test's JSON is none.
func typeOf(t *testing.T, block string) string {
	t.Helper()
	var b struct{ Type string }
	if err := json.Unmarshal([]byte(block), &b); err != nil {
		t.Fatalf("reading %s: %v", block, err)
	}
	return b.Type
}
