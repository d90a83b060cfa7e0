package fold

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestCapitalsAndAccentsMakeNoDifference(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"Ärztehaus", "ärztehaus", "ARZTEHAUS", norm.NFD.String("Ärztehaus")}, {"Straße", "STRASSE", "STRAẞE", "strasse"}, {"Łódź", "lodz", "ŁÓDŹ"},
		{"Ωμέγας", "ΩΜΈΓΑΣ", "ωμεγασ"}, {"Ærø", "AERO", "ærø"}, {"Øresund", "oresund"}, {"Œuvre", "oeuvre"}, {"İstanbul", "istanbul", "ISTANBUL"}, {"Diyarbakır", "DIYARBAKIR"},
		{"Ђорђе", "ђорђе"}, {"ＡＢＣ１２", "abc12"}, {"ﬁre", "fire"}, {"مُحَمَّد", "محمد"}, {"Ħal", "hal"}, {"Þór", "thor"},
	} {
		for _, one := range same[1:] {
			if Text(one) != Text(same[0]) {
				t.Errorf("%q is %q and %q is %q", one, Text(one), same[0], Text(same[0]))
			}
		}
	}
	// The marks of these scripts are letters: without them, words become others.
	for _, different := range [][2]string{{"ไม่", "ไม"}, {"हिन्दी", "हन्द"}, {"が", "か"}, {"Muller", "Miller"}} {
		if Text(different[0]) == Text(different[1]) {
			t.Errorf("%q and %q are one word", different[0], different[1])
		}
	}
}

func TestNamesStandAsInADictionary(t *testing.T) {
	t.Parallel()
	want := strings.Fields("Alpha äpfel apple Ärger beta delta Écueil łąka Lima Łódź Zebra zulu")
	names := slices.Clone(want)
	slices.Reverse(names)
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(Text(a), Text(b)) })
	if !slices.Equal(names, want) {
		t.Errorf("sorted as %v", names)
	}
}

func TestAWordIsFoundWhereItBegins(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, word string
		at         int
	}{{"Im Ärztehaus", "arzte", 3}, {"Große Straße", "strasse", 6}, {"nothing", "else", -1}, {"any", "", -1}} {
		if at := Index([]rune(c.text), c.word); at != c.at {
			t.Errorf("%q is at %d of %q, want %d", c.word, at, c.text, c.at)
		}
	}
}
