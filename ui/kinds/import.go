package kinds

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"zygo/app/edge"
	"zygo/app/exchange"
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// Importing takes a file, shows what its columns fill and what is wrong with its rows, and stores the others when the
// person says so. Between the steps the file waits as an upload that no row takes.

const (
	// largestTable is what a table may have, in bytes.
	largestTable = 10 << 20
	// shownErrors are told on the page; a table with more is mended first.
	shownErrors = 20
)

func importForm(s *web.Site, kind resource.Resource) edge.Handler {
	return s.SignedIn(func(v *web.Visit) (*edge.Response, error) {
		if err := v.Person.Require(kind.Spec(), resource.Import, ""); err != nil {
			return nil, err
		}
		return v.Show(http.StatusOK, importPage(v, kind))
	})
}

// importPage asks for a file.
func importPage(v *web.Visit, kind resource.Resource) *markup.FormPage {
	spec := kind.Spec()
	heading := "Import " + web.Lower(spec.PluralLabel())
	return &markup.FormPage{
		Shell: v.Shell(heading), Crumbs: []markup.Crumb{
			{Label: spec.PluralLabel(), Href: "/" + spec.Path},
		}, Heading: heading, Submit: "Check the table",
		Action: "/" + spec.Path + "/import", Cancel: "/" + spec.Path, Upload: true,
		Groups: []markup.FieldGroup{
			{
				Rows: [][]markup.FieldView{
					{
						{
							Kind:     markup.FieldFile,
							Name:     "table",
							Label:    "Table",
							Accept:   ".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain",
							Required: true,
							Help:     "A table whose first line names the fields, as an export has it: CSV in UTF-8, or Excel's Unicode text. Choices and people may stand as pages write them. Nothing is stored before you have seen what becomes of it.",
						},
					},
				},
			},
		},
	}
}

func importTable(s *web.Site, kind resource.Resource) edge.Handler {
	return s.SignedIn(func(v *web.Visit) (*edge.Response, error) {
		if err := v.Person.Require(kind.Spec(), resource.Import, ""); err != nil {
			return nil, err
		}
		table, err := readTable(v, kind)
		if fault.Is(err, fault.BadRequest) || fault.Is(err, fault.TooLarge) {
			page := importPage(v, kind)
			page.Groups[0].Rows[0][0].Error = fault.Public(err).Message
			return v.Show(edge.Status(fault.Invalid), page)
		}
		if err != nil {
			return nil, err
		}
		mapping := mapColumns(v, kind.Spec(), table)
		confirmed := v.Form.Get("checked") == mapping
		result, err := table.Store(v.Person.Session, kind, !confirmed)
		if errors := web.FieldErrors(err); errors != nil {
			page := mappingPage(v, kind, table, mapping)
			for name, message := range errors {
				page.Notice = addProblem(page.Notice, "Choose what each column fills.", web.Sentence(name, message))
			}
			return v.Show(edge.Status(fault.Invalid), page)
		}
		if err != nil {
			return nil, err
		}
		if confirmed {
			page := importPage(v, kind)
			page.Notice = importNotice(kind, table, result, "%s imported.", "%s imported, and %s left out.")
			page.Submit = "Check another table"
			page.Notice.Items = append(page.Notice.Items, markup.Link{
				Label: "All " + web.Lower(kind.Spec().PluralLabel()),
				Href:  "/" + kind.Spec().Path,
			})
			return v.Show(http.StatusOK, page)
		}
		page := mappingPage(v, kind, table, mapping)
		page.Notice = importNotice(kind, table, result, "%s can be imported.", "%s can be imported, and %s would be left out.")
		if result.Created > 0 {
			page.Submit = "Import " + CountedRows(result.Created, kind.Spec())
			page.Hidden = append(page.Hidden, markup.Hidden{Name: "checked", Value: mapping})
		}
		return v.Show(http.StatusOK, page)
	})
}

// readTable reads the file that the form names.
func readTable(v *web.Visit, kind resource.Resource) (*exchange.Table, error) {
	text, found, err := UploadedText(v, "table", largestTable)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fault.New(fault.BadRequest, "Choose the file with the table.")
	}
	return exchange.Read(kind.Spec(), text)
}

// UploadedText is the content of the file that a field of the form names, at most so many bytes of it.
func UploadedText(v *web.Visit, name string, most int64) (text []byte, found bool, err error) {
	file, found, err := v.Site.Uploads.Free(v.Person.Session, v.Form.Get(name))
	if err != nil || !found {
		return nil, false, err
	}
	content, err := v.Site.Uploads.Open(v.Person.Session, file)
	if err != nil {
		return nil, false, err
	}
	defer content.Close()
	text, err = io.ReadAll(io.LimitReader(content, most+1))
	if err == nil && int64(len(text)) > most {
		err = fault.New(fault.TooLarge, "A table has %s at most. Import it in parts.", markup.Bytes(most))
	}
	return text, true, err
}

// notImported is the choice for a column that is left out.
const notImported = "-"

// mapColumns fills each column with what the form chooses for it, and gives the whole mapping as one text.
func mapColumns(v *web.Visit, spec *resource.Spec, table *exchange.Table) string {
	names := make([]string, len(table.Header))
	for i := range table.Header {
		if chosen := v.Form.Get(columnName(i)); chosen != "" {
			table.Fields[i], _ = spec.Field(chosen)
		}
		if f := table.Fields[i]; f != nil && !f.Internal {
			names[i] = f.Name
		}
	}
	table.LeaveOut(func(i int) bool {
		return v.Form.Get(columnName(i)) == notImported || names[i] == "" && v.Form.Get(columnName(i)) == ""
	})
	return strings.Join(names, " ")
}

func columnName(i int) string { return "column." + strconv.Itoa(i) }

// mappingPage shows what each column fills, to be changed.
func mappingPage(v *web.Visit, kind resource.Resource, table *exchange.Table, mapping string) *markup.FormPage {
	page := importPage(v, kind)
	page.Upload, page.Submit = false, "Check again"
	page.Hidden = []markup.Hidden{{Name: "table", Value: v.Form.Get("table")}}
	names := strings.Split(mapping, " ")
	group := markup.FieldGroup{Title: "Columns"}
	for i, header := range table.Header {
		view := markup.FieldView{
			Kind:     markup.FieldSelect,
			Name:     columnName(i),
			Label:    cmp.Or(header, "Column "+strconv.Itoa(i+1)),
			Required: true,
			Options:  []markup.Option{{Value: notImported, Label: "Not imported", Chosen: names[i] == ""}},
		}
		for _, f := range kind.Spec().Fields {
			if f.Writable() || f.Name == names[i] {
				view.Options = append(view.Options, markup.Option{Value: f.Name, Label: importLabel(f), Chosen: f.Name == names[i]})
			}
		}
		if last := len(group.Rows) - 1; last >= 0 && len(group.Rows[last]) < 3 {
			group.Rows[last] = append(group.Rows[last], view)
		} else {
			group.Rows = append(group.Rows, []markup.FieldView{view})
		}
	}
	page.Groups = []markup.FieldGroup{group}
	return page
}

func importLabel(f *field.Field) string {
	if !f.Writable() {
		return f.Label + " (not imported)"
	}
	return f.Label
}

// importNotice tells how many rows there are, and what is wrong with the first of the others.
func importNotice(kind resource.Resource, table *exchange.Table, result *exchange.Import, all, some string) *markup.Strip {
	spec := kind.Spec()
	if result.Failed == 0 {
		return &markup.Strip{Tone: markup.Good, Text: fmt.Sprintf(all, CountedRows(result.Created, spec))}
	}
	strip := &markup.Strip{Tone: markup.Warn, Text: fmt.Sprintf(some, CountedRows(result.Created, spec), CountedRows(result.Failed, spec))}
	for _, one := range result.Errors[:min(shownErrors, len(result.Errors))] {
		what := one.Message
		if f, ok := spec.Field(one.Field); ok {
			what = f.Label + " " + what
		}
		strip.Items = append(strip.Items, markup.Link{
			Label: fmt.Sprintf("Row %d (%s): %s", one.Row, shownCells(table.Cells(one.Row)), strings.TrimSuffix(what, ".")+"."),
		})
	}
	if more := len(result.Errors) - shownErrors; more > 0 {
		strip.Items = append(strip.Items, markup.Link{Label: fmt.Sprintf("%d more.", more)})
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

func addProblem(strip *markup.Strip, text, item string) *markup.Strip {
	if strip == nil {
		strip = &markup.Strip{Tone: markup.Bad, Text: text}
	}
	strip.Items = append(strip.Items, markup.Link{Label: item})
	return strip
}
