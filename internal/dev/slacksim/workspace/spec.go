package workspace

// Spec describes who and what exists at the start. Names stand for ids
// everywhere; ids that are empty are made up. The zero value is DefaultWorkspace.
type Spec struct {
	Team       string // name of the company
	Domain     string // the part before .slack.com; "" derives it from Team
	Bot        string // handle of the bot user; "" means supporty
	People     []Person
	Channels   []Channel
	Usergroups []Usergroup
}
