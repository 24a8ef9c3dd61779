package slackview

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Month is what was carried in a month.
type Month struct {
	Of time.Time // its beginning
	desk.Carried
}

// mostCalls is how many calls a message asks about: Slack takes 50 blocks.
const mostCalls = 10

// Carried tells somebody what they, and those whom they lead, have carried in some months, the latest
// first, and which calls they can confirm or correct.
func Carried(months []Month, rates duty.Rates, s Scene) slackformat.Message {
	var all []string
	var pages []desk.DutyPage
	for _, m := range months {
		all = append(all, "*"+m.Of.Format("January 2006")+"*")
		for _, l := range m.Own {
			all = append(all, bullet("You, for "+carriedFor(l, rates)))
		}
		if len(m.Own) == 0 {
			all = append(all, bullet("You were not on duty."))
		}
		for _, l := range m.Led {
			all = append(all, bullet(s.name(l.Person)+", for "+carriedFor(l, rates)))
		}
		pages = append(m.Pages, pages...)
	}
	m := told(all, moreLines)
	m.Blocks = append(m.Blocks, calls(pages, desk.DutyPages{})...)
	return m
}

// carriedFor is a load in words: "Checkout: 56 h, 14 h of it at weekends · 4 nights · 3 calls, 2 at
// which you woke · £123.00".
func carriedFor(l duty.Load, rates duty.Rates) string {
	hours := fmt.Sprintf("%s: %.0f h", slackformat.Escape(squadOr(l.Squad)), l.Long().Hours())
	if long := l.Hours[duty.Weekend]; long > 0 {
		hours += fmt.Sprintf(", %.0f h of it at weekends", long.Hours())
	}
	if long := l.Hours[duty.Holiday]; long > 0 {
		hours += fmt.Sprintf(", %.0f h on holidays", long.Hours())
	}
	var nights, called, paid string
	if l.Nights > 0 {
		nights = many(l.Nights, "night", "nights")
	}
	if l.Pages > 0 {
		called = fmt.Sprintf("%s, %d woke", many(l.Pages, "call", "calls"), l.Woken)
	}
	if rates.Any() {
		paid = fmt.Sprintf("%s%.2f%s", rates.Before, rates.Sum(l), rates.After)
	}
	return dots(hours, nights, called, paid)
}

func squadOr(name string) string {
	if name == "" {
		return "no squad"
	}
	return name
}

// Woken asks somebody in the morning which calls of the night woke them. asked is which calls those
// are.
//
// They can pass on their mornings. If one was passed on already, passed says whom was asked.
func Woken(pages []desk.DutyPage, asked desk.DutyPages, mornings []desk.Swap, passed *desk.Swap, s Scene) slackformat.Message {
	s.Direct = true
	head := fmt.Sprintf("You were called %s last night. Please say what woke you: it is kept for pay, and to share the load.", times(len(pages)))
	m := say(head)
	m.Blocks = append(m.Blocks, calls(pages, asked)...)
	if passed != nil {
		m.Blocks = append(m.Blocks, MorningAsked(*passed, s).Blocks...)
		return m
	}
	var buttons []slack.BlockElement
	for _, of := range mornings[:min(len(mornings), mostOwnSquads)] {
		label := "Pass the morning on"
		if len(mornings) > 1 {
			label += " for " + of.Squad
		}
		buttons = append(buttons, passMorningButton(fmt.Sprintf("%d-%d", asked.From.UnixMicro(), asked.Until.UnixMicro()), of, label))
	}
	if len(buttons) > 0 {
		m.Blocks = append(m.Blocks, slack.NewActionBlock("", buttons...))
	}
	return m
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

// calls are the latest calls of a reader, each with what is known of it and the buttons to say otherwise.
func calls(pages []desk.DutyPage, asked desk.DutyPages) (blocks []slack.Block) {
	for _, p := range pages[max(len(pages)-mostCalls, 0):] {
		blocks = append(blocks, section(fmt.Sprintf("%s: %s %s. %s", date(p.At), p.Priority, p.Ticket, wokeWords(p))))
		var buttons []slack.BlockElement
		if !p.Said || !p.Woke {
			buttons = append(buttons, wokenButton(WokeID, p.ID, asked, "It woke me"))
		}
		if !p.Said || p.Woke {
			buttons = append(buttons, wokenButton(NotWokeID, p.ID, asked, "It did not"))
		}
		blocks = append(blocks, slack.NewActionBlock("", buttons...))
	}
	return blocks
}

func wokeWords(p desk.DutyPage) string {
	switch {
	case p.Said && p.Woke:
		return "You said that it woke you."
	case p.Said:
		return "You said that it did not wake you."
	case p.Woke:
		return "It presumably woke you."
	}
	return "It presumably did not wake you."
}

// wokenButton has as its value a call's id and, in the question of a morning, which calls that is about.
func wokenButton(button string, id int64, asked desk.DutyPages, label string) *slack.ButtonBlockElement {
	value := strconv.FormatInt(id, 10)
	if !asked.Until.IsZero() {
		value = fmt.Sprintf("%d:%d:%d", id, asked.From.UnixMicro(), asked.Until.UnixMicro())
	}
	return slack.NewButtonBlockElement(fmt.Sprintf("%s:%d", button, id), value, plain(label))
}

// ReadWoken reads the value of WokeID and NotWokeID: a call's id, and which calls the question was
// about; zero if it was a list of what was carried.
func ReadWoken(value string) (id int64, asked desk.DutyPages, err error) {
	var numbers []int64
	for part := range strings.SplitSeq(value, ":") {
		n, wrong := strconv.ParseInt(part, 10, 64)
		if wrong != nil {
			err = ticket.Errorf(ticket.Invalid, "That button is no longer in use.").Because(wrong)
		}
		numbers = append(numbers, n)
	}
	if len(numbers) == 3 {
		asked.From, asked.Until = time.UnixMicro(numbers[1]).UTC(), time.UnixMicro(numbers[2]).UTC()
	}
	return numbers[0], asked, err
}

// Shares tells how the last days were shared in rotas: for each person a bar of their part of the hours,
// and what makes hours hard.
func Shares(shares []desk.Share, days int, s Scene) slackformat.Message {
	if len(shares) == 0 {
		return say("Only who takes turns in a rota, and who leads its squad, sees how it is shared.")
	}
	var all []string
	for _, of := range shares {
		all = append(all, fmt.Sprintf("*%s in the last %d days*", slackformat.Escape(of.Squad), days))
		var whole time.Duration
		for _, l := range of.Loads {
			whole += l.Long()
		}
		for _, l := range of.Loads {
			all = append(all, shareOf(l, whole, s))
		}
	}
	return told(all, moreLines)
}

// shareOf is a load with its part of the whole: "`████░░░░░░` Bob: 720 h · 45 nights · 96 h at weekends ·
// 3 calls, 2 woke".
func shareOf(l duty.Load, whole time.Duration, s Scene) string {
	const width = 10
	filled := 0
	if whole > 0 {
		filled = int((l.Long()*width + whole/2) / whole)
	}
	bar := strings.Repeat("█", filled) + strings.Repeat("░", width-filled)
	free := l.Hours[duty.Weekend] + l.Hours[duty.Holiday]
	called := ""
	if l.Pages > 0 {
		called = fmt.Sprintf("%s, %d woke", many(l.Pages, "call", "calls"), l.Woken)
	}
	return fmt.Sprintf("`%s` %s: %s", bar, s.name(l.Person), dots(fmt.Sprintf("%.0f h", l.Long().Hours()), many(l.Nights, "night", "nights"),
		fmt.Sprintf("%.0f h at weekends and on holidays", free.Hours()), called))
}
