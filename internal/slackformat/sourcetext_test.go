package slackformat

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

func TestSourceText(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		source Source
		want   string
	}{
		"text":                   {Source{Text: "Help, <@UBOB>", Blocks: json.RawMessage(`[{"type":"header","text":{"type":"plain_text","text":"Other"}}]`)}, "Help, @Bob"},
		"nothing":                {Source{}, ""},
		"files":                  {Source{Files: []string{"screen.png", "log.txt"}}, "screen.png\nlog.txt"},
		"what is no block":       {Source{Blocks: json.RawMessage(`{"a":`), Attachments: json.RawMessage(`7`)}, ""},
		"header and section":     {Source{Blocks: json.RawMessage(`[{"type":"header","text":{"type":"plain_text","text":"Disk is full"}},{"type":"section","text":{"type":"mrkdwn","text":"db1 &amp; db2"},"fields":[{"type":"mrkdwn","text":"*Host*: db1"},{"type":"plain_text","text":"97 %"}]}]`)}, "Disk is full\ndb1 & db2\nHost: db1\n97 %"},
		"context and image":      {Source{Blocks: json.RawMessage(`[{"type":"context","elements":[{"type":"mrkdwn","text":"from <https://a.example|Grafana>"}]},{"type":"image","alt_text":"A graph","title":{"type":"plain_text","text":"Load"}}]`)}, "from Grafana (https://a.example)\nLoad\nA graph"},
		"marks":                  {Source{Attachments: json.RawMessage(`[{"pretext":"*Firing* (_2_)","title":"*.go","text":"~Up~ *Down* *now*, see ` + "`*x*`" + ` and user_id","fields":[{"title":"*","value":"*_db1_*"}]}]`)}, "Firing (2)\n*.go\nUp Down now, see `*x*` and user_id\n*: db1"},
		"markdown":               {Source{Blocks: json.RawMessage(`[{"type":"markdown","text":"**Down**"}]`)}, "Down"},
		"buttons say nothing":    {Source{Blocks: json.RawMessage(`[{"type":"section","text":{"type":"mrkdwn","text":"Late"},"accessory":{"type":"button","text":{"type":"plain_text","text":"Ack"}}},{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Mute"}}]}]`)}, "Late"},
		"rich text":              {Source{Blocks: json.RawMessage(`[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"See "},{"type":"link","url":"https://a.example"},{"type":"text","text":", "},{"type":"user","user_id":"UBOB"}]},{"type":"rich_text_list","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"one"}]},{"type":"rich_text_section","elements":[{"type":"emoji","name":"fire"}]}]},{"type":"rich_text_preformatted","elements":[{"type":"text","text":"a < b"}]}]}]`)}, "See https://a.example, @Bob\none\n:fire:\na < b"},
		"table":                  {Source{Blocks: json.RawMessage(`[{"type":"table","rows":[[{"type":"raw_text","text":"db1"},{"type":"raw_text","text":"97 %"}]]}]`)}, "db1\n97 %"},
		"attachments":            {Source{Attachments: json.RawMessage(`[{"pretext":"Firing","title":"CPU","text":"too hot","fields":[{"title":"Host","value":"db1"},{"value":"now"}],"fallback":"unused"},{"fallback":"Plain"}]`)}, "Firing\nCPU\ntoo hot\nHost: db1\nnow\nPlain"},
		"text and an attachment": {Source{Text: "Alert:", Attachments: json.RawMessage(`[{"text":"too hot"},{"from_url":"https://a.example","text":"A preview"}]`)}, "Alert:\ntoo hot"},
		"a shared message":       {Source{Attachments: json.RawMessage(`[{"from_url":"https://a.example","text":"What was shared"}]`)}, "What was shared"},
		"blocks in attachments":  {Source{Attachments: json.RawMessage(`[{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"inside"}}]}]`)}, "inside"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := SourceText(test.source, longest, called); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestUnformatted(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"*bold*, _it_, ~no~":          "bold, it, no",
		"*Severity:* high":            "Severity: high",
		"*a* *b* _c_ _d_":             "a b c d",
		"*_both_* (*in*)":             "both (in)",
		"2*3*4, a * b * c":            "2*3*4, a * b * c",
		"snake_case_name, __init__":   "snake_case_name, __init__",
		"*one\ntwo*":                  "*one\ntwo*",
		"`*x*` *y* ```\n*z*\n``` *w*": "`*x*` y ```\n*z*\n``` w",
		"*":                           "*", "": "", "**": "**", "_": "_",
	} {
		t.Run(in, func(t *testing.T) {
			if got := unformatted(in); got != want {
				t.Errorf("%q: %q, want %q", in, got, want)
			}
		})
	}
}

// For any message of an app, the form opens with valid text that fits.
func FuzzSourceText(f *testing.F) {
	f.Add("", []byte(`[{"type":"section","text":{"type":"mrkdwn","text":"x"}}]`), []byte(`[{"text":"y"}]`), "f.png")
	f.Add("<@U1>", []byte(`[[[[{"elements":[{"type":"text"}]}]]]]`), []byte(`[null,{"fields":[{}]}]`), "")
	f.Fuzz(func(t *testing.T, text string, blocks, attachments []byte, file string) {
		got := SourceText(Source{Text: text, Blocks: blocks, Attachments: attachments, Files: []string{file}}, longest, called)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > longest {
			t.Errorf("%d bytes, valid %t", len(got), utf8.ValidString(got))
		}
	})
}
