package accent

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// expectReadable holds each pair that the pages show to its contrast.
func expectReadable(t *testing.T, of string, p Palette) {
	t.Helper()
	check := func(least float64, front, back string) {
		a, known := parse(front)
		b, also := parse(back)
		if ratio := contrast(a, b); !known || !also || ratio < least {
			t.Errorf("%s: %s on %s is %.2f, under %.1f", of, front, back, ratio, least)
		}
	}
	for _, pair := range []struct {
		ground ground
		shades Shades
		others []string // what else is written on the soft ground
	}{
		{light, p.Light, []string{"#1a1e22", "#525b66", "#b3261e"}}, {dark, p.Dark, []string{"#e7e9eb", "#a7b0ba", "#ff9a94"}},
		{lightMore, p.LightMore, []string{"#000000", "#2b3138"}}, {darkMore, p.DarkMore, []string{"#ffffff", "#d5dae0"}},
	} {
		for _, surface := range pair.ground.surfaces {
			check(pair.ground.least, pair.shades.Accent, surface)
			check(4.5, pair.shades.Strong, surface)
		}
		check(4.5, pair.shades.Accent, pair.shades.Soft)
		check(4.5, pair.shades.Strong, pair.shades.Soft)
		check(4.5, pair.shades.On, pair.shades.Accent)
		check(4.5, pair.shades.On, pair.shades.Strong)
		for _, other := range pair.others {
			check(4.5, other, pair.shades.Soft)
		}
		if pair.shades.Strong == pair.shades.Accent && of != "Zygo's own" {
			t.Errorf("%s: nothing shows that the pointer is over %s", of, pair.shades.Accent)
		}
	}
}

func TestEveryAccentCanBeRead(t *testing.T) {
	t.Parallel()
	expectReadable(t, "Zygo's own", Own)
	for r := 0; r <= 255; r += 15 {
		for g := 0; g <= 255; g += 15 {
			for b := 0; b <= 255; b += 15 {
				colour := fmt.Sprintf("#%02x%02x%02x", r, g, b)
				expectReadable(t, colour, From(colour))
			}
		}
	}
}

func TestAColourIsMovedOnlyAsFarAsNeeded(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ colour, light, dark, moved string }{
		{"#0b7a75", "#0b7a75", "", "Lightened on dark pages"},
		{"#ffcc00", "", "#ffcc00", "Darkened on light pages"},
		{"#8a6fd1", "", "", "Darkened on light pages and lightened"},
		{"", Own.Light.Accent, Own.Dark.Accent, ""},
	} {
		p := From(one.colour)
		if one.light != "" && p.Light.Accent != one.light || one.dark != "" && p.Dark.Accent != one.dark {
			t.Errorf("%s is %s on light pages and %s on dark ones", one.colour, p.Light.Accent, p.Dark.Accent)
		}
		if said := p.Moved(one.colour); !strings.HasPrefix(said, one.moved) || (said == "") != (one.moved == "") {
			t.Errorf("of %q it is said: %q", one.colour, said)
		}
	}
	// What had to be moved is not far over the bound.
	for _, colour := range []string{"#ffcc00", "#ff0000", "#00ff00", "#ff69b4", "#808080", "#ffffff"} {
		front, _ := parse(From(colour).Light.Accent)
		back, _ := parse("#f3f5f5")
		if ratio := contrast(front, back); ratio > 5 {
			t.Errorf("%s is darkened to %s, %.2f on a light page", colour, front, ratio)
		}
	}
}

// The address of a stylesheet holds the edition: anyone who changes these lines raises it.
func TestAnEditionStaysAsItIs(t *testing.T) {
	t.Parallel()
	got := From("#ff6600").Stylesheet()
	const want = ":root{--accent:light-dark(#bb4900,#ff6600);--accent-strong:light-dark(#9c3b00,#ff9162);--on-accent:light-dark(#ffffff,#21110b);--accent-soft:light-dark(#fdece6,#36241d);}" +
		"@media (prefers-contrast:more){:root{--accent:light-dark(#8b3400,#fe996e);--accent-strong:light-dark(#6e2700,#febca0);--on-accent:light-dark(#ffffff,#21110b);--accent-soft:light-dark(#fdece6,#36241d);}}"
	if Edition != "1" || got != want {
		t.Errorf("edition %s gives %s", Edition, got)
	}
}

// The pages' own stylesheet is where Zygo's colours stand; this package repeats those that an accent is measured on.
func TestTheGroundsAreThoseOfThePages(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("../../ui/assets/styles/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	usual, more, _ := strings.Cut(string(css), "@media (prefers-contrast: more)")
	token := func(in, name string) (string, string) {
		found := regexp.MustCompile(`--` + name + `: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);`).FindStringSubmatch(in)
		if found == nil {
			t.Fatalf("there is no token %s", name)
		}
		return found[1], found[2]
	}
	for _, name := range []string{"page", "surface", "raised", "hover"} {
		if a, b := token(usual, name); !slices.Contains(light.surfaces, a) || !slices.Contains(dark.surfaces, b) {
			t.Errorf("no accent is measured on %s: %s, %s", name, a, b)
		}
	}
	if a, b := token(more, "page"); !slices.Contains(lightMore.surfaces, a) || !slices.Contains(darkMore.surfaces, b) {
		t.Errorf("no accent is measured on pages with more contrast: %s, %s", a, b)
	}
	for name, own := range map[string][2]string{"accent": {Own.Light.Accent, Own.Dark.Accent},
		"accent-strong": {Own.Light.Strong, Own.Dark.Strong}, "on-accent": {Own.Light.On, Own.Dark.On},
		"accent-soft": {Own.Light.Soft, Own.Dark.Soft}} {
		if a, b := token(usual, name); own != [2]string{a, b} {
			t.Errorf("Zygo's own %s is %s and %s, and here %v", name, a, b, own)
		}
	}
}

// Pairs whose ratios were measured elsewhere, so that a formula which passes everything is seen.
func TestContrastIsThatOfWCAG(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		a, b  string
		ratio string
	}{{"#000000", "#ffffff", "21.00"}, {"#0b7a75", "#ffffff", "5.18"}, {"#777777", "#ffffff", "4.48"}, {"#ffcc00", "#ffffff", "1.51"}} {
		first, _ := parse(one.a)
		second, _ := parse(one.b)
		if got := fmt.Sprintf("%.2f", contrast(first, second)); got != one.ratio {
			t.Errorf("%s on %s is %s, want %s", one.a, one.b, got, one.ratio)
		}
	}
}
