package accent

import (
	"fmt"
	"math"
)

// rgb is a colour as screens have it.
type rgb [3]uint8

func parse(text string) (c rgb, ok bool) {
	n, err := fmt.Sscanf(text, "#%02x%02x%02x", &c[0], &c[1], &c[2])
	return c, err == nil && n == 3 && len(text) == len("#rrggbb")
}

// String gives the colour as #rrggbb.
func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// linear are the parts of a colour as amounts of light.
func (c rgb) linear() (parts [3]float64) {
	for i, part := range c {
		value := float64(part) / 255
		if value <= 0.04045 {
			parts[i] = value / 12.92
		} else {
			parts[i] = math.Pow((value+0.055)/1.055, 2.4)
		}
	}
	return parts
}

// contrast is the ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b rgb) float64 {
	luminance := func(c rgb) float64 {
		parts := c.linear()
		return 0.2126*parts[0] + 0.7152*parts[1] + 0.0722*parts[2]
	}
	first, second := luminance(a), luminance(b)
	return (max(first, second) + 0.05) / (min(first, second) + 0.05)
}

// perceived is a colour in OKLCH, where another lightness leaves the hue as people see it.
type perceived struct{ lightness, chroma, hue float64 }

func (c rgb) perceived() perceived {
	p := c.linear()
	l := math.Cbrt(0.4122214708*p[0] + 0.5363325363*p[1] + 0.0514459929*p[2])
	m := math.Cbrt(0.2119034982*p[0] + 0.6806995451*p[1] + 0.1073969566*p[2])
	s := math.Cbrt(0.0883024619*p[0] + 0.2817188376*p[1] + 0.6299787005*p[2])
	a := 1.9779984951*l - 2.4285922050*m + 0.4505937099*s
	b := 0.0259040371*l + 0.7827717662*m - 0.8086757660*s
	return perceived{0.2104542553*l + 0.7936177850*m - 0.0040720468*s, math.Hypot(a, b), math.Atan2(b, a)}
}

// rgb gives up as much chroma as screens can't show in this lightness.
func (p perceived) rgb() rgb {
	const less, slack = 0.002, 0.0005
	for chroma := p.chroma; ; chroma -= less {
		a, b := max(chroma, 0)*math.Cos(p.hue), max(chroma, 0)*math.Sin(p.hue)
		l := p.lightness + 0.3963377774*a + 0.2158037573*b
		m := p.lightness - 0.1055613458*a - 0.0638541728*b
		s := p.lightness - 0.0894841775*a - 1.2914855480*b
		l, m, s = l*l*l, m*m*m, s*s*s
		parts := [3]float64{4.0767416621*l - 3.3077115913*m + 0.2309699292*s, -1.2684380046*l + 2.6097574011*m - 0.3413193965*s,
			-0.0041960863*l - 0.7034186147*m + 1.7076147010*s}
		if chroma <= 0 || min(parts[0], parts[1], parts[2]) >= -slack && max(parts[0], parts[1], parts[2]) <= 1+slack {
			return encoded(parts)
		}
	}
}

func encoded(parts [3]float64) (c rgb) {
	for i, part := range parts {
		part = min(max(part, 0), 1)
		if part <= 0.0031308 {
			part *= 12.92
		} else {
			part = 1.055*math.Pow(part, 1/2.4) - 0.055
		}
		c[i] = uint8(math.Round(part * 255))
	}
	return c
}
