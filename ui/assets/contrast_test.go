package main

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// shades is a colour of the tokens in its light and its dark form.
type shades [2]string

func tokens(t *testing.T) map[string]shades {
	t.Helper()
	css, err := os.ReadFile("styles/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]shades{}
	declaration := regexp.MustCompile(`--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);`)
	for _, match := range declaration.FindAllStringSubmatch(string(css), -1) {
		// High contrast repeats some names further down; it is checked by its own test.
		if _, seen := found[match[1]]; !seen {
			found[match[1]] = shades{match[2], match[3]}
		}
	}
	return found
}

// contrast is the ratio of WCAG 2.2, from 1 to 21.
func contrast(t *testing.T, first, second string) float64 {
	t.Helper()
	a, b := luminance(t, first), luminance(t, second)
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	total := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		channel, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatalf("%q is not a colour: %v", colour, err)
		}
		value := float64(channel) / 255
		if value <= 0.04045 {
			value /= 12.92
		} else {
			value = math.Pow((value+0.055)/1.055, 2.4)
		}
		total += weight * value
	}
	return total
}

func TestContrast(t *testing.T) {
	t.Parallel()
	const text, control = 4.5, 3.0
	grounds := []string{"page", "surface", "raised", "hover"}
	known := tokens(t)
	check := func(least float64, front string, backs ...string) {
		for _, back := range backs {
			for i, palette := range []string{"light", "dark"} {
				if known[front][i] == "" || known[back][i] == "" {
					t.Fatalf("%s or %s is not a token", front, back)
				}
				if ratio := contrast(t, known[front][i], known[back][i]); ratio < least {
					t.Errorf("%s on %s, %s: %.2f is under %.1f", front, back, palette, ratio, least)
				}
			}
		}
	}
	check(text, "text", append(grounds, "accent-soft", "good-soft", "warn-soft", "bad-soft", "info-soft", "idle-soft")...)
	check(text, "text-soft", append(grounds, "accent-soft", "idle-soft", "good-soft", "warn-soft", "bad-soft", "info-soft")...)
	check(text, "accent", append(grounds, "accent-soft")...)
	check(text, "accent-strong", append(grounds, "accent-soft")...)
	check(text, "on-accent", "accent", "accent-strong")
	check(text, "on-bad", "bad")
	check(text, "bad", append(grounds, "bad-soft", "accent-soft")...)
	for _, state := range []string{"good", "warn", "bad", "info", "idle"} {
		check(text, state, state+"-soft", "surface", "page")
	}
	check(control, "line-control", grounds...)
}

func TestHighContrast(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("styles/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	more := regexp.MustCompile(`(?s)@media \(prefers-contrast: more\) \{(.*?)\n\}`).FindSubmatch(css)
	if more == nil {
		t.Fatal("no tokens for high contrast")
	}
	pairs := regexp.MustCompile(`--(text|text-soft|accent|line|line-control): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);`)
	for _, match := range pairs.FindAllSubmatch(more[1], -1) {
		least := 7.0
		if string(match[1]) == "line" {
			least = 4.5
		}
		for i, ground := range []string{"#ffffff", "#000000"} {
			if ratio := contrast(t, string(match[2+i]), ground); ratio < least {
				t.Errorf("%s on %s: %.2f is under %.1f", match[1], ground, ratio, least)
			}
		}
	}
}

// The ratio of a pair that is known to fail, so that a formula which passes everything is seen.
func TestContrastControl(t *testing.T) {
	t.Parallel()
	if ratio := contrast(t, "#0b7a75", "#ffffff"); math.Abs(ratio-5.18) > 0.01 {
		t.Errorf("accent on white is %.2f, measured elsewhere as 5.18", ratio)
	}
	if ratio := contrast(t, "#f59f00", "#fef5e6"); ratio > 2.5 {
		t.Errorf("a pair that fails came out as %.2f", ratio)
	}
}
