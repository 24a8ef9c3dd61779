package web_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// What a person does beside clicking and typing.

var keyCodes = map[string]int64{"Escape": 27, "Enter": 13, "Tab": 9, "ArrowDown": 40}

// key presses one key wherever the focus is, as a keyboard does: what the page
// makes of the key is its own affair.
func key(name string) step {
	return chromedp.Steps(
		press(input.DispatchKeyEventTypeRawKeyDown, name),
		press(input.DispatchKeyEventTypeKeyUp, name))
}

func press(kind input.DispatchKeyEventType, name string) step {
	return command(input.DispatchKeyEvent, input.DispatchKeyEventParams{
		Type: kind, Key: name, Code: name, WindowsVirtualKeyCode: keyCodes[name], NativeVirtualKeyCode: keyCodes[name],
	})
}

func shiftEnter(selector string) step {
	return chromedp.Steps(chromedp.Focus(chromedp.CSS(selector)), chromedp.KeyEvent("\r", chromedp.KeyModifiers(kb.ModifierShift)))
}

func back() step { return chromedp.Evaluate[chromedp.Void](`history.back()`) }

// clear empties a field as selecting all and deleting does.
func clear(selector string) step {
	return chromedp.Steps(
		chromedp.Focus(chromedp.CSS(selector)),
		chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector(%q).select()`, selector)),
		chromedp.KeyEvent(kb.Delete),
	)
}

// setDate fills in a date field as its picker does.
func setDate(selector, date string) step {
	return chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		const el = document.querySelector(%q);
		el.value = %q;
		el.dispatchEvent(new Event('change', { bubbles: true }));
	})()`, selector, date))
}

// setFiles chooses a file in a file field.
func setFiles(t *testing.T, selector, name, content string) step {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return chromedp.SetUploadFiles(chromedp.CSS(selector), []string{path}, chromedp.NodeReady)
}
