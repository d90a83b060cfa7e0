package markup

import (
	"testing"
)

func TestANameOfSpacesHasNoInitial(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"": "", "\u00a0 ": "", "Acme Works": "A"} {
		if got := (Brand{Name: name}).Initial(); got != want {
			t.Errorf("%q stands as %q", name, got)
		}
	}
}
