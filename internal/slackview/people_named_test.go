package slackview

import "testing"

func TestPeopleNamed(t *testing.T) {
	t.Parallel()
	goldenMessage(t, "people_named", PeopleNamed())
}
