package slackview

import "testing"

func TestFirstSteps(t *testing.T) {
	t.Parallel()
	goldenMessage(t, "first_steps", FirstSteps("CSUPPORT", sceneAt(friday)))
}
