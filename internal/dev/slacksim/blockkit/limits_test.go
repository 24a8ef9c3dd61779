package blockkit

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// limit is one length of Block Kit, tried at its edges and one beyond. The
// value of the length n replaces $ in json, which stands inside of place.
type limit struct {
	name        string
	place       place
	json        string
	fill        func(n int) string
	least, most int
	pointer     string
}

// Every limit of messages and views that is a length.
var limits = []limit{
	{"message blocks", bare, `$`, items(`{"type":"divider"}`), 0, 50, "/blocks"},
	{"modal blocks", asView, `{"type":"modal",` + title + `,"blocks":$}`, items(`{"type":"divider"}`), 0, 100, "/view/blocks"},
	{"home blocks", asView, `{"type":"home","blocks":$}`, items(`{"type":"divider"}`), 0, 100, "/view/blocks"},
	{"modal title", asView, `{"type":"modal","title":` + plain + `,"blocks":[]}`, chars, 1, 24, "/view/title/text"},
	{"modal submit", asView, `{"type":"modal",` + title + `,"submit":` + plain + `,"blocks":[]}`, chars, 1, 24, "/view/submit/text"},
	{"modal close", asView, `{"type":"modal",` + title + `,"close":` + plain + `,"blocks":[]}`, chars, 1, 24, "/view/close/text"},
	{"private_metadata", asView, `{"type":"home","private_metadata":$,"blocks":[]}`, chars, 0, 3000, "/view/private_metadata"},
	{"callback_id", asView, `{"type":"home","callback_id":$,"blocks":[]}`, chars, 0, 255, "/view/callback_id"},
	{"external_id", asView, `{"type":"home","external_id":$,"blocks":[]}`, chars, 0, 255, "/view/external_id"},

	{"block_id", asBlock, `{"type":"divider","block_id":$}`, chars, 0, 255, "/blocks/0/block_id"},
	{"section text", asBlock, `{"type":"section","text":` + mrkdwn + `}`, chars, 1, 3000, "/blocks/0/text/text"},
	{"section fields", asBlock, `{"type":"section","fields":$}`, items(some), 1, 10, "/blocks/0/fields"},
	{"section field", asBlock, `{"type":"section","fields":[` + mrkdwn + `]}`, chars, 1, 2000, "/blocks/0/fields/0/text"},
	{"header text", asBlock, `{"type":"header","text":` + plain + `}`, chars, 1, 150, "/blocks/0/text/text"},
	{"header level", asBlock, `{"type":"header","text":` + some + `,"level":$}`, digits, 1, 4, "/blocks/0/level"},
	{"context elements", asBlock, `{"type":"context","elements":$}`, items(some), 1, 10, "/blocks/0/elements"},
	{"context text", asBlock, `{"type":"context","elements":[` + mrkdwn + `]}`, chars, 1, 3000, "/blocks/0/elements/0/text"},
	{"actions elements", asBlock, `{"type":"actions","elements":$}`, items(`{"type":"button","text":` + some + `}`), 1, 25, "/blocks/0/elements"},
	{"input label", asBlock, `{"type":"input","label":` + plain + `,"element":{"type":"plain_text_input"}}`, chars, 1, 2000, "/blocks/0/label/text"},
	{"input hint", asBlock, `{"type":"input","label":` + some + `,"hint":` + plain + `,"element":{"type":"plain_text_input"}}`, chars, 1, 2000, "/blocks/0/hint/text"},
	{"image_url", asBlock, `{"type":"image","alt_text":"","image_url":$}`, chars, 1, 3000, "/blocks/0/image_url"},
	{"alt_text", asBlock, `{"type":"image","alt_text":$,"image_url":"u"}`, chars, 0, 2000, "/blocks/0/alt_text"},
	{"image title", asBlock, `{"type":"image","alt_text":"","image_url":"u","title":` + plain + `}`, chars, 1, 2000, "/blocks/0/title/text"},
	{"markdown", asBlock, `{"type":"markdown","text":$}`, chars, 0, 12000, "/blocks/0/text"},
	{"table rows", asBlock, `{"type":"table","rows":$}`, items(`[{"type":"raw_text","text":""}]`), 1, 100, "/blocks/0/rows"},
	{"table cells", asBlock, `{"type":"table","rows":[$]}`, items(`{"type":"raw_text","text":""}`), 1, 20, "/blocks/0/rows/0"},
	{"table columns", asBlock, `{"type":"table","rows":[[{"type":"raw_text","text":""}]],"column_settings":$}`, items(`null`), 0, 20, "/blocks/0/column_settings"},
	{"data table page", asBlock, `{"type":"data_table","caption":"c","rows":[[{"type":"raw_text","text":""}]],"page_size":$}`, digits, 1, 100, "/blocks/0/page_size"},
	{"chart title", asBlock, `{"type":"data_visualization","title":$,"chart":{"type":"pie","segments":[{"label":"a","value":1}]}}`, chars, 1, 50, "/blocks/0/title"},
	{"pie segments", asBlock, `{"type":"data_visualization","title":"t","chart":{"type":"pie","segments":$}}`, items(`{"label":"a","value":1}`), 1, 6, "/blocks/0/chart/segments"},
	{"pie label", asBlock, `{"type":"data_visualization","title":"t","chart":{"type":"pie","segments":[{"label":$,"value":1}]}}`, chars, 1, 20, "/blocks/0/chart/segments/0/label"},
	{"bar series", asBlock, `{"type":"data_visualization","title":"t","chart":{"type":"bar","axis_config":{"categories":["a"]},"series":$}}`, items(`{"name":"n","data":[{"label":"a","value":-1}]}`), 1, 6, "/blocks/0/chart/series"},
	{"axis label", asBlock, `{"type":"data_visualization","title":"t","chart":{"type":"line","axis_config":{"categories":["a"],"x_label":$},"series":[{"name":"n","data":[{"label":"a","value":0}]}]}}`, chars, 0, 50, "/blocks/0/chart/axis_config/x_label"},
	{"container children", asBlock, `{"type":"container","title":` + some + `,"child_blocks":$}`, items(`{"type":"divider"}`), 1, 10, "/blocks/0/child_blocks"},
	{"container title", asBlock, `{"type":"container","title":` + plain + `,"child_blocks":[{"type":"divider"}]}`, chars, 1, 150, "/blocks/0/title/text"},
	{"container subtitle", asBlock, `{"type":"container","title":` + some + `,"subtitle":` + mrkdwn + `,"child_blocks":[{"type":"divider"}]}`, chars, 1, 150, "/blocks/0/subtitle/text"},
	{"card title", asBlock, `{"type":"card","title":` + mrkdwn + `}`, chars, 1, 150, "/blocks/0/title/text"},
	{"card subtitle", asBlock, `{"type":"card","subtitle":` + mrkdwn + `}`, chars, 1, 150, "/blocks/0/subtitle/text"},
	{"card body", asBlock, `{"type":"card","body":` + mrkdwn + `}`, chars, 1, 200, "/blocks/0/body/text"},
	{"carousel cards", asBlock, `{"type":"carousel","elements":$}`, items(`{"type":"card","title":` + some + `}`), 1, 10, "/blocks/0/elements"},
	{"context actions", asBlock, `{"type":"context_actions","elements":$}`, items(`{"type":"icon_button","icon":"trash","text":` + some + `}`), 1, 5, "/blocks/0/elements"},
	{"alert text", inAModal, `{"type":"alert","text":` + mrkdwn + `}`, chars, 1, 3000, "/view/blocks/0/text/text"},
	{"video title", asBlock, `{"type":"video","video_url":"u","thumbnail_url":"u","alt_text":"","title":` + plain + `}`, chars, 1, 200, "/blocks/0/title/text"},
	{"video description", asBlock, `{"type":"video","video_url":"u","thumbnail_url":"u","alt_text":"","title":` + some + `,"description":` + plain + `}`, chars, 1, 200, "/blocks/0/description/text"},
	{"video author", asBlock, `{"type":"video","video_url":"u","thumbnail_url":"u","alt_text":"","title":` + some + `,"author_name":$}`, chars, 0, 50, "/blocks/0/author_name"},
	{"series name", asBlock, chart(`$`, `[{"label":"a","value":1}]`, `["a"]`), chars, 1, 20, "/blocks/0/chart/series/0/name"},
	{"series points", asBlock, chart(`"n"`, `$`, `["a"]`), items(`{"label":"a","value":1}`), 1, 20, "/blocks/0/chart/series/0/data"},
	{"axis categories", asBlock, chart(`"n"`, `[{"label":"a","value":1}]`, `$`), items(`"a"`), 1, 20, "/blocks/0/chart/axis_config/categories"},
	{"axis category", asBlock, chart(`"n"`, `[{"label":"a","value":1}]`, `[$]`), chars, 1, 20, "/blocks/0/chart/axis_config/categories/0"},
	{"skin tone", asBlock, `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"emoji","name":"eyes","skin_tone":$}]}]}`, digits, 1, 6, "/blocks/0/elements/0/elements/0/skin_tone"},
	{"icon button text", asBlock, `{"type":"context_actions","elements":[{"type":"icon_button","icon":"trash","text":` + plain + `}]}`, chars, 1, 75, "/blocks/0/elements/0/text/text"},
	{"icon button value", asBlock, `{"type":"context_actions","elements":[{"type":"icon_button","icon":"trash","text":` + some + `,"value":$}]}`, chars, 0, 2000, "/blocks/0/elements/0/value"},
	{"feedback text", asBlock, feedback(plain, `"v"`), chars, 1, 75, "/blocks/0/elements/0/positive_button/text/text"},
	{"feedback value", asBlock, feedback(some, `$`), chars, 0, 2000, "/blocks/0/elements/0/positive_button/value"},

	{"action_id", asAccessory, `{"type":"button","text":` + some + `,"action_id":$}`, chars, 0, 255, "/blocks/0/accessory/action_id"},
	{"button text", asAccessory, `{"type":"button","text":` + plain + `}`, chars, 1, 75, "/blocks/0/accessory/text/text"},
	{"button value", asAccessory, `{"type":"button","text":` + some + `,"value":$}`, chars, 0, 2000, "/blocks/0/accessory/value"},
	{"button url", asAccessory, `{"type":"button","text":` + some + `,"url":$}`, chars, 1, 3000, "/blocks/0/accessory/url"},
	{"button accessibility_label", asAccessory, `{"type":"button","text":` + some + `,"accessibility_label":$}`, chars, 0, 75, "/blocks/0/accessory/accessibility_label"},
	{"confirm title", asAccessory, confirmedButton(plain, some, some, some), chars, 1, 100, "/blocks/0/accessory/confirm/title/text"},
	{"confirm text", asAccessory, confirmedButton(some, mrkdwn, some, some), chars, 1, 300, "/blocks/0/accessory/confirm/text/text"},
	{"confirm confirm", asAccessory, confirmedButton(some, some, plain, some), chars, 1, 30, "/blocks/0/accessory/confirm/confirm/text"},
	{"confirm deny", asAccessory, confirmedButton(some, some, some, plain), chars, 1, 30, "/blocks/0/accessory/confirm/deny/text"},
	{"option text", asAccessory, `{"type":"static_select","options":[{"text":` + plain + `,"value":"v"}]}`, chars, 1, 75, "/blocks/0/accessory/options/0/text/text"},
	{"option value", asAccessory, `{"type":"static_select","options":[{"text":` + some + `,"value":$}]}`, chars, 0, 150, "/blocks/0/accessory/options/0/value"},
	{"option description", asAccessory, `{"type":"static_select","options":[{"text":` + some + `,"value":"v","description":` + plain + `}]}`, chars, 1, 75, "/blocks/0/accessory/options/0/description/text"},
	{"option url", asAccessory, `{"type":"overflow","options":[{"text":` + some + `,"value":"v","url":$}]}`, chars, 1, 3000, "/blocks/0/accessory/options/0/url"},
	{"select options", asAccessory, `{"type":"static_select","options":$}`, items(option), 1, 100, "/blocks/0/accessory/options"},
	{"select groups", asAccessory, `{"type":"static_select","option_groups":$}`, items(`{"label":` + some + `,"options":[` + option + `]}`), 1, 100, "/blocks/0/accessory/option_groups"},
	{"group label", asAccessory, `{"type":"static_select","option_groups":[{"label":` + plain + `,"options":[` + option + `]}]}`, chars, 1, 75, "/blocks/0/accessory/option_groups/0/label/text"},
	{"group options", asAccessory, `{"type":"multi_static_select","option_groups":[{"label":` + some + `,"options":$}]}`, items(option), 1, 100, "/blocks/0/accessory/option_groups/0/options"},
	{"placeholder", asAccessory, `{"type":"users_select","placeholder":` + plain + `}`, chars, 1, 150, "/blocks/0/accessory/placeholder/text"},
	{"overflow options", asAccessory, `{"type":"overflow","options":$}`, items(option), 1, 5, "/blocks/0/accessory/options"},
	{"checkboxes", asAccessory, `{"type":"checkboxes","options":$}`, items(option), 1, 10, "/blocks/0/accessory/options"},
	{"radio buttons", asAccessory, `{"type":"radio_buttons","options":$}`, items(option), 1, 10, "/blocks/0/accessory/options"},
	{"workflow button text", asAccessory, `{"type":"workflow_button","workflow":{"trigger":{"url":"u"}},"text":` + plain + `}`, chars, 1, 75, "/blocks/0/accessory/text/text"},
	{"input placeholder", asInput, `{"type":"plain_text_input","placeholder":` + plain + `}`, chars, 1, 150, "/blocks/0/element/placeholder/text"},
	{"min_length", asInput, `{"type":"plain_text_input","min_length":$}`, digits, 0, 3000, "/blocks/0/element/min_length"},
	{"max_length", asInput, `{"type":"plain_text_input","max_length":$}`, digits, 1, 3000, "/blocks/0/element/max_length"},
	{"max_files", asInput, `{"type":"file_input","max_files":$}`, digits, 1, 10, "/blocks/0/element/max_files"},
	{"initial_date_time", asInput, `{"type":"datetimepicker","initial_date_time":$}`, digits, 1_000_000_000, 9_999_999_999, "/blocks/0/element/initial_date_time"},
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for _, l := range limits {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			for _, n := range []int{l.least, l.most} {
				if got := l.problemsAt(n); got != nil {
					t.Errorf("%d is within the limit, but got %q", n, got)
				}
			}
			l.expect(t, l.most+1, l.tooMuch())
			if l.least > 0 {
				l.expect(t, l.least-1, l.tooLittle())
			}
		})
	}
}

func (l limit) problemsAt(n int) []string {
	return l.place(strings.ReplaceAll(l.json, "$", l.fill(n)))
}

func (l limit) expect(t *testing.T, n int, want string) {
	t.Helper()
	want += " [json-pointer:" + l.pointer + "]"
	if got := l.problemsAt(n); !slices.Contains(got, want) {
		t.Errorf("%d is beyond the limit: got %q, want %q among them", n, got, want)
	}
}

func (l limit) tooMuch() string {
	switch l.fill(1)[0] {
	case '"':
		return fmt.Sprintf("must be less than %d characters", l.most+1)
	case '[':
		return fmt.Sprintf("no more than %d items allowed", l.most)
	}
	return fmt.Sprintf("must be less than %d", l.most+1)
}

func (l limit) tooLittle() string {
	switch l.fill(1)[0] {
	case '"':
		return fmt.Sprintf("must be more than %d characters", l.least-1)
	case '[':
		return fmt.Sprintf("must provide at least %d items", l.least)
	}
	return fmt.Sprintf("must be more than %d", l.least-1)
}

// Pieces of JSON; $ is where a limit's value goes.
const (
	some   = `{"type":"plain_text","text":"x"}`
	plain  = `{"type":"plain_text","text":$}`
	mrkdwn = `{"type":"mrkdwn","text":$}`
	option = `{"text":` + some + `,"value":"v"}`
	title  = `"title":` + some
)

func confirmedButton(title, text, confirm, deny string) string {
	return fmt.Sprintf(`{"type":"button","text":%s,"confirm":{"title":%s,"text":%s,"confirm":%s,"deny":%s}}`, some, title, text, confirm, deny)
}

func chart(name, data, categories string) string {
	return fmt.Sprintf(`{"type":"data_visualization","title":"t","chart":{"type":"area","series":[{"name":%s,"data":%s}],"axis_config":{"categories":%s}}}`, name, data, categories)
}

func feedback(text, value string) string {
	return fmt.Sprintf(`{"type":"context_actions","elements":[{"type":"feedback_buttons","positive_button":{"text":%s,"value":%s},"negative_button":{"text":%s,"value":"v"}}]}`, text, value, some)
}

// chars is a string of n characters, each of which is two bytes long.
func chars(n int) string { return `"` + strings.Repeat("é", n) + `"` }

func digits(n int) string { return fmt.Sprint(n) }

func items(item string) func(int) string {
	return func(n int) string { return "[" + strings.Join(slices.Repeat([]string{item}, n), ",") + "]" }
}

// place validates JSON as what stands in some place.
type place func(json string) []string

func bare(blocks string) []string   { return Message(json.RawMessage(blocks)) }
func asBlock(block string) []string { return bare("[" + block + "]") }

func asAccessory(element string) []string {
	return asBlock(`{"type":"section","text":` + some + `,"accessory":` + element + `}`)
}

func asInput(element string) []string {
	return asBlock(`{"type":"input","label":` + some + `,"element":` + element + `}`)
}

func asAction(element string) []string {
	return asBlock(`{"type":"actions","elements":[` + element + `]}`)
}

func asView(view string) []string { return View(json.RawMessage(view)) }

func inAModal(block string) []string {
	return asView(`{"type":"modal",` + title + `,"submit":` + some + `,"blocks":[` + block + `]}`)
}

func inAHome(block string) []string { return asView(`{"type":"home","blocks":[` + block + `]}`) }
