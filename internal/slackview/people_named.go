package slackview

import "supporty/internal/slackformat"

// PeopleNamed tells the channel that exports name people from now on.
func PeopleNamed() slackformat.Message {
	return say(lines(
		"From now on, exports of the desk's data name people: who asked for a ticket, who has it, and who did what. Until now they named nobody.",
		"Private tickets stay out of them, and so does who replied. Who runs the desk can switch this off: `export.people` in the settings.",
	))
}
