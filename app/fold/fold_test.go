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
		{"Ärztehaus", "ärztehaus", "ARZTEHAUS", norm.NFD.String("Ärztehaus")}, {"Straße", "STRASSE", "STRAẞE", "strasse"},
		{"Łódź", "lodz", "ŁÓDŹ"},
		{"Ωμέγας", "ΩΜΈΓΑΣ", "ωμεγασ"}, {"Ærø", "AERO", "ærø"}, {"Øresund", "oresund"}, {"Œuvre", "oeuvre"},
		{"İstanbul", "istanbul", "ISTANBUL"}, {"Diyarbakır", "DIYARBAKIR"},
		{"Ђорђе", "ђорђе"}, {"ＡＢＣ１２", "abc12"}, {"ﬁre", "fire"}, {"مُحَمَّد", "محمد"}, {"Ħal", "hal"}, {"می\u200cخواهم", "میخواهم"},
		{"Þór", "thor"},
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

func TestWordsHaveParts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Don't panic!":    "don t panic",
		"v1.2.3-rc4":      "v+1 2 3 rc+4",
		"データベース障害":        "デ+ー+タ+ベ+ー+ス+障+害",
		"오늘 게임":           "오+늘 게+임",
		"เมื่อเช้า":       "เ+มื่+อ+เ+ช้+า",
		"हिन्दी में":      "हिन्दी में",
		"用户api服务2":        "用+户+api+服+务+2",
		"co\u00adoperate": "cooperate",
		" ∂ -- ":          "",
	} {
		var words []string
		for _, parts := range Words(text) {
			words = append(words, strings.Join(parts, "+"))
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("the words of %q are %q, want %q", text, got, want)
		}
	}
}

func TestSearchedWordsAreShownWhereTheyStand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, searched, want string }{
		{"Im Ärztehaus", "arzte", "Im [Ärztehaus]"}, {"Große Straße", "strasse gr", "[Große] [Straße]"}, {"nothing", "else", "nothing"},
		{"any", "", "any"},
		{"rechecked checkout", "check", "rechecked [checkout]"}, {"我家在上海东边", "上海", "我家在[上海]东边"}, {"用户api服务", "API", "用户[api]服务"},
		{"release v12", "v1", "release [v12]"}, {"v12", "12", "v[12]"}, {"ระบบล่มเมื่อเช้า", "เมื่อ", "ระบบล่ม[เมื่อ]เช้า"},
		{"a-a", "a", "[a]-[a]"},
	} {
		shown, from := "", 0
		for _, span := range Spans(c.text, c.searched) {
			shown += c.text[from:span[0]] + "[" + c.text[span[0]:span[1]] + "]"
			from = span[1]
		}
		if shown += c.text[from:]; shown != c.want {
			t.Errorf("%q in %q is shown as %q, want %q", c.searched, c.text, shown, c.want)
		}
	}
}
