package guess

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ccojocar/zxcvbn-go"
	"github.com/ccojocar/zxcvbn-go/frequency"
)

var about = []string{"Ada Lovelace", "ada@analytical.test", "Engines"}

// mangled are the ways in which people make something easy look hard.
var mangled = map[string]func(string) string{
	"as it is":      func(s string) string { return s },
	"capitalized":   func(s string) string { return strings.ToUpper(s[:1]) + s[1:] },
	"in capitals":   strings.ToUpper,
	"exchanged":     strings.NewReplacer("a", "4", "e", "3", "i", "1", "o", "0", "s", "$").Replace,
	"with a digit":  func(s string) string { return s + "1" },
	"with a year":   func(s string) string { return s + "2024" },
	"exclaimed":     func(s string) string { return s + "!!!" },
	"with a date":   func(s string) string { return s + "24.12.1999" },
	"with a walk":   func(s string) string { return s + "asdfgh" },
	"with a row":    func(s string) string { return "abcdef" + s },
	"with stutter":  func(s string) string { return "aaaa" + s },
	"two words":     func(s string) string { return s + "dragon" },
	"spaced":        func(s string) string { return s + " monkey" },
	"three words":   func(s string) string { return s + "-purple-monkey" },
	"random letter": func(s string) string { return s + "x" },
}

// known are things of every sort that is recognized.
var known = []string{
	"ada", "lovelace", "ada@analytical.test", "qwertyuiop", "zxcvbn", "1qaz2wsx", "qazwsxedc", "1234567890", "abcdefghij", "zyxwvu",
	"aaaaaaaaaa", "asdfghjkl", "147258369", "0987654321", "correct", "horse", "01011990", "1990-12-31", "31/12/90", "QWErty", "password",
	"P@55w0rd", "ABAB", "dcba", "x", "-",
}

// some gives words of each list of the reference, the same at each run.
func some(count int) (words []string) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, list := range []string{"Passwords", "English", "MaleNames", "FemaleNames", "Surname"} {
		all := frequency.Lists[list].List
		for range count {
			words = append(words, all[random.IntN(len(all))])
		}
	}
	return words
}

func TestNothingIsHarderThanForTheReference(t *testing.T) {
	t.Parallel()
	check := func(password string) {
		t.Helper()
		bits, reference := Bits(password, about...), zxcvbn.PasswordStrength(password, about).Entropy
		if bits > reference+0.001 {
			t.Errorf("%q has %.2f bits, for the reference %.2f", password, bits, reference)
		}
	}
	for _, base := range append(some(20), known...) {
		for _, mangle := range mangled {
			check(mangle(base))
		}
	}
	random, parts := rand.New(rand.NewPCG(3, 4)), append(some(200), known...)
	for range 500 {
		var password strings.Builder
		for range 1 + random.IntN(4) {
			password.WriteString(parts[random.IntN(len(parts))])
		}
		check(password.String())
	}
}

func TestEachCommonWordHasItsRank(t *testing.T) {
	t.Parallel()
	words := 0
	for name, list := range frequency.Lists {
		for i, word := range list.List {
			left := common()
			for at, letter := range strings.ToLower(word) {
				left = left.within(at, string(letter))
			}
			if len(left.entries) == 0 || left.entries[0].word != strings.ToLower(word) || left.entries[0].bits > bitsOf(i+1) {
				t.Fatalf("%q is number %d of %s and not among the words", word, i+1, name)
			}
			words++
		}
	}
	if words < 80_000 {
		t.Errorf("the reference has only %d words", words)
	}
}

func TestWhatAnAttackerTriesFirstCostsLittle(t *testing.T) {
	t.Parallel()
	for password, most := range map[string]float64{
		"password123": 13, "drowssap123": 13, "P@$$w0rd2024": 20, "correcthorse": 25, "correcthorsecorrecthorse": 26, "qwertyuiopasdfghjkl": 21,
		"1qaz2wsx3edc": 25, "Ada Lovelace 1990": 20, "lovelace.analytical": 20, "3c4l3v0l-ada!": 20, "aaaaaaaaaaaaaaaaaaaa": 10,
		"abcdefghijklmnop": 10, "2468 2468 2468": 16, "абвгдежзик": 13,
		"31.12.1999 31.12.1999": 25, "xkxkxkxkxkxkxk": 14, "": 0, "    ": 8, "\xff\xff\xff": 8,
	} {
		if bits := Bits(password, about...); bits > most {
			t.Errorf("%q has %.1f bits, more than %.0f", password, bits, most)
		}
	}
}

func TestWhatNobodyKnowsCostsMuch(t *testing.T) {
	t.Parallel()
	for _, password := range []string{
		"xvqpzhwnkt", "kT9#vLq2Zp", "seven tired otters juggle", "fünf müde Bären äßen Käse", "семь усталых выдр", "七只疲倦的水獭在玩杂耍",
	} {
		if bits := Bits(password, about...); bits < 40 {
			t.Errorf("%q has only %.1f bits", password, bits)
		}
	}
}

func TestALongPasswordIsReadInItsReadingsOnly(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"1", "|7", "1!l|70", "ab", "password", "4@8([<{3691!|0$5+7%2", "qwerty", "0", "19", "1.1.11"} {
		Bits(strings.Repeat(part, 100/len(part)), strings.Repeat(part, 10))
	}
}

func BenchmarkBits(b *testing.B) {
	for name, password := range map[string]string{
		"usual": "seven tired otters juggle", "hostile": strings.Repeat("1!l|70", 16), "repeating": strings.Repeat("ab", 50),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Bits(password, about...)
			}
		})
	}
}
