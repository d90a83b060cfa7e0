package ui

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Importing takes a file, shows what its columns fill and what is wrong with its rows, and stores the others when the
// person says so. Between the steps the file waits as an upload that no row takes.

const (
	// largestTable is what a table may have, in bytes.
	largestTable = 10 << 20
	// shownErrors are told on the page; a table with more is mended first.
	shownErrors = 20
)

func (s *Site) importForm(kind resource.Resource) edge.Handler {
	return s.signedIn(func(v *visit) (*edge.Response, error) {
		if err := v.person.Require(kind.Spec(), resource.Import, ""); err != nil {
			return nil, err
		}
		return v.show(http.StatusOK, v.importPage(kind))
	})
}

// importPage asks for a file.
func (v *visit) importPage(kind resource.Resource) *FormPage {
	spec := kind.Spec()
	heading := "Import " + lower(spec.PluralLabel())
	return &FormPage{
		Shell: v.shell(heading), Crumbs: []Crumb{{spec.PluralLabel(), "/" + spec.Path}}, Heading: heading, Submit: "Check the table",
		Action: "/" + spec.Path + "/import", Cancel: "/" + spec.Path, Upload: true,
		Groups: []FieldGroup{{Rows: [][]FieldView{{{Kind: FieldFile, Name: "table", Label: "Table", Accept: ".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain", Required: true,
			Help: "A table whose first line names the fields, as an export has it: CSV in UTF-8, or Excel's Unicode text. Choices and people may stand as pages write them. Nothing is stored before you have seen what becomes of it."}}}}},
	}
}

func (s *Site) importTable(kind resource.Resource) edge.Handler {
	return s.signedIn(func(v *visit) (*edge.Response, error) {
		if err := v.person.Require(kind.Spec(), resource.Import, ""); err != nil {
			return nil, err
		}
		table, err := v.readTable(kind)
		if fault.Is(err, fault.BadRequest) || fault.Is(err, fault.TooLarge) {
			page := v.importPage(kind)
			page.Groups[0].Rows[0][0].Error = fault.Public(err).Message
			return v.show(edge.Status(fault.Invalid), page)
		}
		if err != nil {
			return nil, err
		}
		mapping := v.mapColumns(kind.Spec(), table)
		confirmed := v.form.Get("checked") == mapping
		result, err := edge.ImportTable(v.person, kind, table, !confirmed)
		if errors := fieldErrors(err); errors != nil {
			page := v.mappingPage(kind, table, mapping)
			for name, message := range errors {
				page.Notice = addProblem(page.Notice, "Choose what each column fills.", sentence(name, message))
			}
			return v.show(edge.Status(fault.Invalid), page)
		}
		if err != nil {
			return nil, err
		}
		if confirmed {
			page := v.importPage(kind)
			page.Notice = importNotice(kind, table, result, "%s imported.", "%s imported, and %s left out.")
			page.Submit = "Check another table"
			page.Notice.Items = append(page.Notice.Items, Link{"All " + lower(kind.Spec().PluralLabel()), "/" + kind.Spec().Path})
			return v.show(http.StatusOK, page)
		}
		page := v.mappingPage(kind, table, mapping)
		page.Notice = importNotice(kind, table, result, "%s can be imported.", "%s can be imported, and %s would be left out.")
		if result.Created > 0 {
			page.Submit = "Import " + countedRows(result.Created, kind.Spec())
			page.Hidden = append(page.Hidden, Hidden{"checked", mapping})
		}
		return v.show(http.StatusOK, page)
	})
}

// readTable reads the file that the form names.
func (v *visit) readTable(kind resource.Resource) (*edge.Table, error) {
	text, found, err := v.uploadedText("table", largestTable)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fault.New(fault.BadRequest, "Choose the file with the table.")
	}
	return edge.ReadTable(kind.Spec(), text)
}

// uploadedText is the content of the file that a field of the form names, at most so many bytes of it.
func (v *visit) uploadedText(name string, most int64) (text []byte, found bool, err error) {
	file, found, err := v.site.uploads.Free(v.person.Session, v.form.Get(name))
	if err != nil || !found {
		return nil, false, err
	}
	content, err := v.site.uploads.Open(v.person.Session, file)
	if err != nil {
		return nil, false, err
	}
	defer content.Close()
	text, err = io.ReadAll(io.LimitReader(content, most+1))
	if err == nil && int64(len(text)) > most {
		err = fault.New(fault.TooLarge, "A table has %s at most. Import it in parts.", Bytes(most))
	}
	return text, true, err
}

// notImported is the choice for a column that is left out.
const notImported = "-"

// mapColumns fills each column with what the form chooses for it, and gives the whole mapping as one text.
func (v *visit) mapColumns(spec *resource.Spec, table *edge.Table) string {
	names := make([]string, len(table.Header))
	for i := range table.Header {
		if chosen := v.form.Get(columnName(i)); chosen != "" {
			table.Fields[i], _ = spec.Field(chosen)
		}
		if f := table.Fields[i]; f != nil && !f.Internal {
			names[i] = f.Name
		}
	}
	table.LeaveOut(func(i int) bool {
		return v.form.Get(columnName(i)) == notImported || names[i] == "" && v.form.Get(columnName(i)) == ""
	})
	return strings.Join(names, " ")
}

func columnName(i int) string { return "column." + strconv.Itoa(i) }

// mappingPage shows what each column fills, to be changed.
func (v *visit) mappingPage(kind resource.Resource, table *edge.Table, mapping string) *FormPage {
	page := v.importPage(kind)
	page.Upload, page.Submit = false, "Check again"
	page.Hidden = []Hidden{{"table", v.form.Get("table")}}
	names := strings.Split(mapping, " ")
	group := FieldGroup{Title: "Columns"}
	for i, header := range table.Header {
		view := FieldView{Kind: FieldSelect, Name: columnName(i), Label: firstWords(header, "Column "+strconv.Itoa(i+1)), Required: true,
			Options: []Option{{Value: notImported, Label: "Not imported", Chosen: names[i] == ""}}}
		for _, f := range kind.Spec().Fields {
			if f.Writable() || f.Name == names[i] {
				view.Options = append(view.Options, Option{Value: f.Name, Label: importLabel(f), Chosen: f.Name == names[i]})
			}
		}
		if last := len(group.Rows) - 1; last >= 0 && len(group.Rows[last]) < 3 {
			group.Rows[last] = append(group.Rows[last], view)
		} else {
			group.Rows = append(group.Rows, []FieldView{view})
		}
	}
	page.Groups = []FieldGroup{group}
	return page
}

func importLabel(f *field.Field) string {
	if !f.Writable() {
		return f.Label + " (not imported)"
	}
	return f.Label
}

// importNotice tells how many rows there are, and what is wrong with the first of the others.
func importNotice(kind resource.Resource, table *edge.Table, result *edge.Import, all, some string) *Strip {
	spec := kind.Spec()
	if result.Failed == 0 {
		return &Strip{Tone: Good, Text: fmt.Sprintf(all, countedRows(result.Created, spec))}
	}
	strip := &Strip{Tone: Warn, Text: fmt.Sprintf(some, countedRows(result.Created, spec), countedRows(result.Failed, spec))}
	for _, one := range result.Errors[:min(shownErrors, len(result.Errors))] {
		what := one.Message
		if f, ok := spec.Field(one.Field); ok {
			what = f.Label + " " + what
		}
		strip.Items = append(strip.Items, Link{Label: fmt.Sprintf("Row %d (%s): %s", one.Row, shownCells(table.Cells(one.Row)), strings.TrimSuffix(what, ".")+".")})
	}
	if more := len(result.Errors) - shownErrors; more > 0 {
		strip.Items = append(strip.Items, Link{Label: fmt.Sprintf("%d more.", more)})
	}
	return strip
}

// shownCells are the first cells of a row, by which somebody knows it again.
func shownCells(cells []string) string {
	const most = 60
	shown := []rune(field.Line(strings.Join(cells, " | ")))
	if len(shown) > most {
		return string(shown[:most]) + "…"
	}
	return string(shown)
}

// countedRows is a number of rows: "1 asset", "1,204 assets".
func countedRows(n int, spec *resource.Spec) string {
	if n == 1 {
		return "1 " + lower(spec.Label())
	}
	return Number(int64(n)) + " " + lower(spec.PluralLabel())
}

func addProblem(strip *Strip, text, item string) *Strip {
	if strip == nil {
		strip = &Strip{Tone: Bad, Text: text}
	}
	strip.Items = append(strip.Items, Link{Label: item})
	return strip
}
