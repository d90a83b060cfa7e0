// Package accent makes of the one colour that an organization gives the accents that its pages and mails show. A colour that
// could not be read is moved in lightness, and only as far as needed. Start with From.
package accent

import "fmt"

// Edition stands in the address of a stylesheet, which browsers keep forever. It rises whenever the same colour gives another one.
const Edition = "1"

// Shades are an accent on pages of one kind, as colours such as #0b7a75.
type Shades struct {
	// Accent is the colour of buttons, links and what is chosen; Strong is that under the pointer.
	Accent, Strong string
	// On is the colour of text on both, Soft the ground of what is chosen.
	On, Soft string
}

// Palette is an accent wherever it is shown. The last two are for people whose system asks for more contrast.
type Palette struct {
	Light, Dark, LightMore, DarkMore Shades
}

// Own is the accent of Zygo itself, as the stylesheet of the pages has it.
var Own = Palette{
	Light:     Shades{"#0b7a75", "#085f5b", "#ffffff", "#e7f4f3"},
	Dark:      Shades{"#2dd4bf", "#5eead4", "#04211e", "#17302e"},
	LightMore: Shades{"#054f4b", "#085f5b", "#ffffff", "#e7f4f3"},
	DarkMore:  Shades{"#5eead4", "#5eead4", "#04211e", "#17302e"},
}

// ground is what an accent is seen on, and how much it has to differ from that.
type ground struct {
	dark     bool
	surfaces []string
	least    float64
}

// The surfaces are those of the pages' own stylesheet. Text needs 4.5 to 1, and 7 to 1 where more contrast is asked for.
var (
	light     = ground{surfaces: []string{"#f7f8f8", "#ffffff", "#f3f5f5"}, least: 4.5}
	dark      = ground{surfaces: []string{"#121416", "#181b1e", "#202428", "#1f2327"}, least: 4.5, dark: true}
	lightMore = ground{surfaces: []string{"#ffffff"}, least: 7}
	darkMore  = ground{surfaces: []string{"#000000"}, least: 7, dark: true}
)

// From makes the palette of a colour; that of no colour is Zygo's own.
func From(colour string) Palette {
	given, ok := parse(colour)
	if !ok {
		return Own
	}
	return Palette{
		Light:     light.shades(given),
		Dark:      dark.shades(given),
		LightMore: lightMore.shades(given),
		DarkMore:  darkMore.shades(given),
	}
}

const (
	// step is the smallest move in lightness that is tried.
	step = 1.0 / 500
	// under is how far the colour under the pointer is from the accent.
	under = 0.07
)

func (g ground) shades(given rgb) Shades {
	colour := given.perceived()
	soft := perceived{0.955, min(colour.chroma, 0.02), colour.hue}
	on := perceived{1, 0, 0}
	away := -1.0 // from the ground
	if g.dark {
		soft, on, away = perceived{0.28, min(colour.chroma, 0.03), colour.hue}, perceived{0.2, min(colour.chroma, 0.03), colour.hue}, 1
	}
	backs := []rgb{soft.rgb()}
	for _, surface := range g.surfaces {
		back, _ := parse(surface)
		backs = append(backs, back)
	}
	readable := func(c rgb) bool {
		for _, back := range backs {
			if contrast(c, back) < g.least {
				return false
			}
		}
		return contrast(on.rgb(), c) >= g.least
	}
	accent := given
	for moved := colour; !readable(accent) && moved.lightness >= 0 && moved.lightness <= 1; {
		moved.lightness += away * step
		accent = moved.rgb()
	}
	strong := accent.perceived()
	if strong.lightness += away * under; strong.lightness < 0.15 || strong.lightness > 0.97 {
		strong.lightness -= 2 * away * under // there is no way further from the ground
	}
	return Shades{Accent: accent.String(), Strong: strong.rgb().String(), On: on.rgb().String(), Soft: soft.rgb().String()}
}

// Moved says in a sentence what was done to a colour so that it can be read; empty where nothing had to be.
func (p Palette) Moved(colour string) string {
	darkened, lightened := p.Light.Accent != colour, p.Dark.Accent != colour
	switch {
	case colour == "":
		return ""
	case darkened && lightened:
		return "Darkened on light pages and lightened on dark ones, to stay readable."
	case darkened:
		return "Darkened on light pages to stay readable."
	case lightened:
		return "Lightened on dark pages to stay readable."
	}
	return ""
}

// Properties are the palette as declarations for a stylesheet.
func (p Palette) Properties() string { return properties(p.Light, p.Dark) }

func properties(light, dark Shades) string {
	both := func(name, light, dark string) string {
		return fmt.Sprintf("--%s:light-dark(%s,%s);", name, light, dark)
	}
	return both("accent", light.Accent, dark.Accent) + both("accent-strong", light.Strong, dark.Strong) +
		both("on-accent", light.On, dark.On) + both("accent-soft", light.Soft, dark.Soft)
}

// Stylesheet gives pages the palette, and nothing else.
func (p Palette) Stylesheet() string {
	return ":root{" + p.Properties() + "}@media (prefers-contrast:more){:root{" + properties(p.LightMore, p.DarkMore) + "}}"
}
