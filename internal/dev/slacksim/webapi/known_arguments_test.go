package webapi

import "testing"

func TestArgumentsThatNoPageKnowsAreRefused(t *testing.T) {
	t.Parallel()
	for method, arg := range map[string]string{
		"chat.update": "unfurl_links", "chat.postEphemeral": "metadata", "chat.delete": "thread_ts", "views.open": "hash",
	} {
		t.Run(method, func(t *testing.T) {
			if err := checkArguments(method, args{arg: "1"}); err == nil {
				t.Errorf("%s takes %s", method, arg)
			}
		})
	}
	for method, a := range map[string]args{
		"chat.postMessage": {"channel": "C1", "text": "hi", "metadata": "{}", "unfurl_links": "false"},
		"users.info":       {"whatever": "1"}, // not listed
	} {
		if err := checkArguments(method, a); err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
}
