package format

import (
	"math"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"zygo/app/value"
)

// readHTMLTable gives the rows of the first table of a page. A cell that spans several columns or rows is in the first of them.
func readHTMLTable(o Options, body []byte, put func(value.Value) error) error {
	page, err := parsePage(o.Charset, body)
	if err != nil {
		return err
	}
	var found *html.Node
	for n := range page.Descendants() {
		if n.DataAtom == atom.Table {
			found = n
			break
		}
	}
	if found == nil {
		return wrong("the page has no table")
	}
	rows := table{header: o.Header, noEmpty: o.NoEmpty, asInN8n: o.AsInN8n, put: put}
	var below []int // how many of the next rows a cell reaches into, by column
	for _, row := range rowsOf(nil, found) {
		var cells []value.Value
		for n := range row.ChildNodes() {
			if n.DataAtom != atom.Td && n.DataAtom != atom.Th {
				continue
			}
			for len(cells) < len(below) && below[len(cells)] > 0 {
				cells = append(cells, value.Value{})
			}
			wide, high := spanOf(n, "colspan"), spanOf(n, "rowspan")
			if len(cells)+wide > mostColumns {
				return wrong("a table has %d columns at most", mostColumns)
			}
			for i := range wide {
				if len(below) == len(cells) {
					below = append(below, 0)
				}
				below[len(cells)] = high
				cell := value.Value{}
				if i == 0 {
					cell = o.cell(pageText(n, nil))
				}
				cells = append(cells, cell)
			}
		}
		for i := range below {
			below[i] = max(0, below[i]-1)
		}
		if err := rows.row(cells); err != nil {
			return err
		}
	}
	return nil
}

// rowsOf are those of a table, without those of tables in its cells.
func rowsOf(all []*html.Node, n *html.Node) []*html.Node {
	for child := range n.ChildNodes() {
		switch child.DataAtom {
		case atom.Tr:
			all = append(all, child)
		case atom.Thead, atom.Tbody, atom.Tfoot:
			all = rowsOf(all, child)
		}
	}
	return all
}

func spanOf(n *html.Node, name string) int {
	for _, a := range n.Attr {
		if span, err := strconv.Atoi(strings.TrimSpace(a.Val)); a.Key == name && err == nil {
			return min(max(span, 1), MostRows)
		}
	}
	return 1
}

// cell is the value of a text in a table. In n8n a number may have a sign of percent or of dollars, and commas between its digits.
func (o Options) cell(text string) value.Value {
	switch {
	case !o.Typed || !o.AsInN8n:
		return cellValue(text, o.Typed)
	case text == "TRUE" || text == "FALSE":
		return value.Bool(text == "TRUE")
	case !strings.ContainsAny(text, "0123456789"):
		return value.String(text)
	}
	if number := value.String(text).Number(); !math.IsNaN(number) && !math.IsInf(number, 0) {
		return value.Float(number)
	}
	digits, percent := strings.CutSuffix(strings.NewReplacer(",", "", "$", "").Replace(text), "%")
	within, isNegative := strings.CutPrefix(strings.TrimSuffix(digits, ")"), "(")
	number := value.String(within).Number()
	if percent {
		number /= 100
	}
	if isNegative {
		number = -number
	}
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return value.String(text)
	}
	return value.Float(number)
}
