package exchange

import (
	"fmt"
	"slices"
	"strings"

	"zygo/app/field"
	"zygo/app/fold"
	"zygo/app/resource"
	"zygo/app/sheet"
)

// cells read what people write in the cells of a table: choices by their labels, rows by their names.
type cells struct {
	// named are the rows that cells may name, by kind and folded name.
	named map[string]map[string][]resource.Named
	// choices are those of dropdown fields, by field.
	choices map[*field.Field][]field.Choice
}

// cells looks up, in one query for each kind, what the cells of the table may name.
func (t *Table) cells(s *resource.Session) (*cells, error) {
	c := &cells{map[string]map[string][]resource.Named{}, map[*field.Field][]field.Choice{}}
	names := map[string][]string{}
	for i, f := range t.Fields {
		if !t.fills(i) {
			continue
		}
		c.choices[f] = f.Choices
		if f.Dropdown != "" && f.Offers() {
			var err error
			if c.choices[f], err = s.Choices(f.Dropdown); err != nil {
				return nil, err
			}
		}
		if f.To == "" {
			continue
		}
		for _, row := range t.rows {
			if i < len(row.Cells) {
				for _, some := range namesIn(f, row.Cells[i]) {
					names[f.To] = append(names[f.To], some...)
				}
			}
		}
	}
	for kind, all := range names {
		slices.Sort(all)
		var err error
		if c.named[kind], err = s.Named(kind, slices.Compact(all)); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// mostCommas are how many commas the name of a row may have in a cell that lists several.
const mostCommas = 3

// namesIn are the names that a cell may hold: for each place where one begins the longest first, as a name may have commas.
func namesIn(f *field.Field, cell string) [][]string {
	cell = strings.TrimSpace(sheet.Active(cell))
	switch {
	case cell == "":
		return nil
	case f.Type.Name() == "reference":
		return [][]string{{cell}}
	}
	parts := strings.Split(cell, ",")
	all := make([][]string, len(parts))
	for i := range parts {
		for end := min(len(parts), i+1+mostCommas); end > i; end-- {
			all[i] = append(all[i], strings.TrimSpace(strings.Join(parts[i:end], ",")))
		}
	}
	return all
}

// ids are the ids of the rows that a cell names. What names none stays, because it may be an id.
func (c *cells) ids(f *field.Field, cell string) (ids, message string) {
	var all []string
	names := namesIn(f, cell)
	for i := 0; i < len(names); {
		found, parts := names[i][len(names[i])-1], 1
		for at, name := range names[i] {
			known := c.named[f.To][fold.Text(name)]
			if len(known) > 1 {
				known = slices.DeleteFunc(slices.Clone(known), func(one resource.Named) bool { return one.Name != name })
				if len(known) != 1 {
					return "", fmt.Sprintf("names %q, which several rows are called; give the id", name)
				}
			}
			if len(known) == 1 {
				found, parts = known[0].ID, len(names[i])-at
				break
			}
		}
		all = append(all, found)
		i += parts
	}
	return strings.Join(all, ","), ""
}

// choice is the value that a cell names by its value or its label, whatever the capitals. Another text stays as it is.
func (c *cells) choice(f *field.Field, cell string) string {
	text := strings.TrimSpace(cell)
	for _, same := range []func(a field.Choice) bool{
		func(one field.Choice) bool { return one.Value == text },
		func(one field.Choice) bool { return fold.Text(one.Value) == fold.Text(text) },
		func(one field.Choice) bool { return fold.Text(one.Label) == fold.Text(text) },
	} {
		if at := slices.IndexFunc(c.choices[f], same); at >= 0 {
			return c.choices[f][at].Value
		}
	}
	return cell
}

// inputs turn rows into what a form would send.
func (t *Table) inputs(c *cells, result *Import) []importedRow {
	var inputs []importedRow
	seen := map[string]int{}
	for _, row := range t.rows {
		one := importedRow{row.Number, resource.Input{}}
		refuse := func(name, message string) {
			result.Errors = append(result.Errors, ImportError{one.number, name, message})
			one.input = nil
		}
		if len(row.Cells) > len(t.Header) {
			refuse("", fmt.Sprintf("has %d cells below %d columns", len(row.Cells), len(t.Header)))
		}
		for i, f := range t.Fields {
			if i >= len(row.Cells) || !t.fills(i) || one.input == nil {
				continue
			}
			text := sheet.Active(row.Cells[i])
			switch {
			case f.To != "":
				var message string
				if text, message = c.ids(f, text); message != "" {
					refuse(f.Name, message)
					continue
				}
			case c.choices[f] != nil && text != "":
				text = c.choice(f, text)
			}
			if f.Unique && text != "" {
				key := f.Name + "\n" + strings.ToLower(strings.TrimSpace(text))
				if before := seen[key]; before > 0 {
					refuse(f.Name, fmt.Sprintf("stands in row %d already", before))
					continue
				}
				seen[key] = one.number
			}
			if text != "" || f.Default == "" {
				one.input[f.Name] = resource.Text(text)
			}
		}
		if one.input != nil {
			inputs = append(inputs, one)
		}
	}
	return inputs
}
