package slackview

import "testing"

func TestFirstSteps(t *testing.T) {
	t.Parallel()
	goldenMessage(t, "first_steps", FirstSteps("CSUPPORT", false, sceneAt(friday)))
	goldenMessage(t, "first_steps_asleep", FirstSteps("CSUPPORT", true, sceneAt(friday)))
}
