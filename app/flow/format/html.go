package format

import (
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"zygo/app/value"
)

// Selection is one thing that is taken of a page.
type Selection struct {
	Name string `json:"name"`
	// Selector finds the elements; empty for the element that is the row.
	Selector string `json:"selector"`
	// Take is text, html or attribute, and Attribute its name.
	Take      string `json:"take"`
	Attribute string `json:"attribute,omitempty"`
	// Skip finds the elements within whose text does not count.
	Skip string `json:"skip,omitempty"`
	// All takes a list of every element that is found, and not the first one.
	All bool `json:"all,omitempty"`
}

// longestSelector bounds what has to be matched with every element.
const longestSelector = 1000

// CheckSelector refuses what is no CSS selector.
func CheckSelector(text string) error {
	if _, err := selector(text); text != "" && err != nil {
		return err
	}
	return nil
}

func selector(text string) (cascadia.SelectorGroup, error) {
	if len(text) > longestSelector {
		return nil, wrong("a selector has %d characters at most", longestSelector)
	}
	found, err := cascadia.ParseGroup(text)
	if err != nil {
		return nil, wrong("%.100q is no CSS selector such as h2.title > a: %s", text, err)
	}
	return found, nil
}

// readHTML gives what was selected of a page, and its title and text where nothing is.
func readHTML(o Options, body []byte, put func(value.Value) error) error {
	page, err := parsePage(o.Charset, body)
	if err != nil {
		return err
	}
	rows := []*html.Node{page}
	if o.Rows != "" {
		by, err := selector(o.Rows)
		if err != nil {
			return err
		}
		rows = cascadia.QueryAll(page, by)
	}
	fields := o.Fields
	switch {
	case len(fields) == 0 && o.Rows == "":
		fields = []Selection{{Name: "title", Selector: "title", Take: "text"}, {Name: "text", Selector: "body", Take: "text"}}
	case len(fields) == 0:
		fields = []Selection{{Name: "text", Take: "text"}}
	}
	for _, row := range rows {
		members := make([]value.Member, len(fields))
		for i, f := range fields {
			members[i].Key = f.Name
			if members[i].Value, err = f.of(row); err != nil {
				return err
			}
		}
		if err := put(value.Object(members...)); err != nil {
			return err
		}
	}
	return nil
}

func parsePage(named string, body []byte) (*html.Node, error) {
	text, err := decoded(named, body)
	if err != nil && named == "" {
		known, _, _ := charset.DetermineEncoding(body, "")
		var plain []byte
		if plain, err = known.NewDecoder().Bytes(body); err == nil {
			text = string(plain)
		}
	}
	if err != nil {
		return nil, err
	}
	page, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return nil, wrong("the page can't be read: %s", err)
	}
	return page, nil
}

// of is what is taken of a row: null for what is not there.
func (f Selection) of(row *html.Node) (value.Value, error) {
	found := []*html.Node{row}
	var skip cascadia.SelectorGroup
	if f.Skip != "" {
		var err error
		if skip, err = selector(f.Skip); err != nil {
			return value.Null(), err
		}
	}
	if f.Selector != "" {
		by, err := selector(f.Selector)
		if err != nil {
			return value.Null(), err
		}
		found = cascadia.QueryAll(row, by)
	}
	if f.All {
		list := make([]value.Value, len(found))
		for i, n := range found {
			list[i] = f.taken(n, skip)
		}
		return value.List(list...), nil
	}
	if len(found) == 0 {
		return value.Null(), nil
	}
	return f.taken(found[0], skip), nil
}

func (f Selection) taken(n *html.Node, skip cascadia.SelectorGroup) value.Value {
	switch f.Take {
	case "html":
		var inside strings.Builder
		for child := range n.ChildNodes() {
			_ = html.Render(&inside, child) // memory takes everything
		}
		return value.String(strings.TrimSpace(inside.String()))
	case "attribute":
		for _, a := range n.Attr {
			if strings.EqualFold(a.Key, f.Attribute) {
				return value.String(a.Val)
			}
		}
		return value.Null()
	}
	return value.String(pageText(n, skip))
}

// pageText is what a person reads of an element, without what a selector finds: blanks as one, and a line for each block.
func pageText(n *html.Node, skip cascadia.SelectorGroup) string {
	var words strings.Builder
	write(&words, n, skip)
	var lines []string
	for line := range strings.Lines(words.String()) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

var oneLine = strings.NewReplacer("\n", " ", "\r", " ")

func write(to *strings.Builder, n *html.Node, skip cascadia.SelectorGroup) {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Head:
		return
	case atom.Br:
		to.WriteByte('\n')
	}
	if n.Type == html.TextNode {
		to.WriteString(oneLine.Replace(n.Data))
	}
	isBlock := strings.Contains(blocks, " "+n.Data+" ") && n.Type == html.ElementNode
	if isBlock {
		to.WriteByte('\n')
	}
	for child := range n.ChildNodes() {
		if !skip.Match(child) {
			write(to, child, skip)
		}
	}
	switch {
	case isBlock:
		to.WriteByte('\n')
	case n.DataAtom == atom.Td || n.DataAtom == atom.Th:
		to.WriteByte(' ')
	}
}

// blocks are the elements that stand on lines of their own.
const blocks = ` address article aside blockquote caption dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tr ul `

// writeHTML writes a table.
func writeHTML(o Output, to *limited, rows []value.Value) error {
	if o.AsInN8n {
		return writeHTMLAsInN8n(o, to, rows)
	}
	columns, err := o.columns(rows)
	if err != nil {
		return err
	}
	to.text("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>")
	to.escaped(o.Name)
	to.text("</title></head><body><table>\n")
	if o.Header {
		to.text("<tr>")
		for _, column := range columns {
			to.text("<th>")
			to.escaped(column)
			to.text("</th>")
		}
		to.text("</tr>\n")
	}
	for _, row := range rows {
		to.text("<tr>")
		for _, cell := range cells(row, columns) {
			to.text("<td>")
			to.escaped(cellText(cell))
			to.text("</td>")
		}
		to.text("</tr>\n")
		if to.err != nil {
			return to.err
		}
	}
	to.text("</table></body></html>\n")
	return to.err
}
