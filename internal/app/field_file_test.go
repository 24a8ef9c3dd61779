package app_test

import (
	"strings"
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
	"supporty/internal/ticket"
)

var contractField = config.Field{Name: "Contract", Kind: ticket.FieldFile, Required: true}

// withContracts has a category that asks for a file.
func withContracts(c *config_, _ *simConfig) {
	c.Categories = []config.Category{{Name: "Payments", Filing: config.Filing{Fields: []config.Field{contractField}}}, {Name: "Other"}}
}

// uploads returns the id of a file of a person.
func (p *person) uploads(name string) []string {
	p.h.t.Helper()
	f, err := p.actor.Upload(p.h.ctx, name, picture(name))
	if err != nil {
		p.h.t.Fatal(err)
	}
	return []string{f.ID}
}

// A field for a file: it has to be filled in, its file is put into the thread, and its name is on
// the card until the file is redacted. A form that is drawn again says that the file is to be
// chosen again.
func TestAFieldForAFile(t *testing.T) {
	t.Parallel()
	h := setup(t, withContracts)
	alice := h.as("alice")
	alice.types("/support Invoice is wrong")
	alice.seesForm()
	alice.picks("Payments", contractField, true)
	if out, err := alice.actor.Submit(h.ctx, slacksim.FormValues{"text": "See there."}); err != nil || out.Errors[idOf(contractField)] == "" {
		t.Errorf("without a file: %v, %v", out.Errors, err)
	}
	alice.ok(alice.actor.Type(h.ctx, slacksim.FormValues{idOf(contractField): alice.uploads("first.png")}))
	alice.picks("Other", contractField, false)
	alice.picks("Payments", contractField, true)
	alice.seesIn("What you had filled in here is lost: Contract.")
	alice.submits(slacksim.FormValues{idOf(contractField): alice.uploads("contract.png"), "files": alice.uploads("screen.png")})

	card := h.reads("support", "Invoice is wrong")
	says(t, card.Rendered(), "Contract", "contract.png")
	for _, name := range []string{"contract.png", "screen.png"} {
		h.brought("support", name, card)
		h.onceIn("support", name)
	}
	alice.chooses(card, "edit:1")
	if v, err := alice.actor.View(h.ctx); err != nil || strings.Contains(string(v.Body), idOf(contractField)) {
		t.Errorf("Edit… asks for a file, or %v", err)
	}
	alice.submits(slacksim.FormValues{"title": "Invoice is late"})
	says(t, h.reads("support", "Invoice is late").Rendered(), "contract.png")
	alice.types("/support find contract")
	alice.hears("Found for “contract”: 1")

	alice.chooses(card, "redact:1")
	alice.submits(slacksim.FormValues{"files": "contract.png"})
	h.await("a card without the file's name", func(s slacksim.State) bool {
		m := first(s.Channel("support").Messages, "Invoice is late")
		return m != nil && strings.Contains(m.Rendered(), ticket.RedactedMark) && !strings.Contains(m.Rendered(), "contract.png")
	})
	h.allPosted()
	h.storedNowhere("contract.png")
}

// Where the form takes no files, a category does not ask for one.
func TestNoFieldForAFile(t *testing.T) {
	t.Parallel()
	h := setup(t, withContracts, func(c *config_, _ *simConfig) {
		c.Files.MaxSize, c.Categories[0].Fields = 0, []config.Field{{Name: "Contract", Kind: ticket.FieldFile}, orderField}
	})
	alice := h.as("alice")
	alice.types("/support Invoice is wrong")
	alice.seesForm()
	alice.picks("Payments", orderField, true)
	if v, err := alice.actor.View(h.ctx); err != nil || strings.Contains(string(v.Body), "file_input") {
		t.Errorf("the form asks for a file, or %v", err)
	}
	alice.submits(slacksim.FormValues{"text": "x", idOf(orderField): "4711"})
	h.reads("support", "Invoice is wrong")
}
