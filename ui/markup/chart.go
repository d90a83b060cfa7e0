package markup

import "fmt"

// Chart is bars side by side, each of them stacked of a value for each series, drawn without a script.
type Chart struct {
	// Label says in a sentence what is shown, for those who can't see it.
	Label  string
	Series []string
	Bars   []Bar
}

// Bar is one of them: a day, or something else that is counted.
type Bar struct {
	Label  string
	Values []int
}

// The measures of a chart, in the units of its drawing.
const (
	chartWidth, chartHeight = 600, 120
	barGap                  = 2
)

// Block is a part of a bar, at its place in the drawing.
type Block struct {
	X, Y, Width, Height float64
	// Series numbers what the block counts.
	Series int
}

// Drawn is a bar with its blocks, and what it says in words.
type Drawn struct {
	Title  string
	X      float64
	Width  float64
	Blocks []Block
}

// Most is the largest sum of a bar, at least 1.
func (c *Chart) Most() int {
	most := 1
	for _, bar := range c.Bars {
		most = max(most, bar.sum())
	}
	return most
}

// Total is the sum of all bars.
func (c *Chart) Total() (total int) {
	for _, bar := range c.Bars {
		total += bar.sum()
	}
	return total
}

func (b Bar) sum() (sum int) {
	for _, value := range b.Values {
		sum += value
	}
	return sum
}

// Size are the width and the height of the drawing.
func (c *Chart) Size() string { return fmt.Sprintf("0 0 %d %d", chartWidth, chartHeight) }

// Drawn are the bars, from the left. The first series stands at the bottom.
func (c *Chart) Drawn() []Drawn {
	step := float64(chartWidth) / float64(max(1, len(c.Bars)))
	most := float64(c.Most())
	var drawn []Drawn
	for i, bar := range c.Bars {
		d := Drawn{Title: bar.Label, X: float64(i) * step, Width: step}
		bottom := float64(chartHeight)
		for series, value := range bar.Values {
			d.Title += fmt.Sprintf(", %d %s", value, c.Series[series])
			height := float64(value) / most * chartHeight
			if value == 0 {
				continue
			}
			bottom -= height
			d.Blocks = append(d.Blocks, Block{X: d.X + barGap/2, Y: bottom, Width: step - barGap, Height: height, Series: series})
		}
		drawn = append(drawn, d)
	}
	return drawn
}

// First is the label at the left end.
func (c *Chart) First() string { return c.Bars[0].Label }

// Last is the label at the right end.
func (c *Chart) Last() string { return c.Bars[len(c.Bars)-1].Label }
