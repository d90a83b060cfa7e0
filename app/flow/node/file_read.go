package node

import (
	"context"
	"errors"
	"fmt"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/content"
	"zygo/app/flow/format"
	"zygo/app/flow/memory"
	"zygo/app/value"
)

// FileRead makes items of what a file holds.
type FileRead struct {
	File         value.Value   `z:"default=data,help=A file such as {{ $json.body.cv }}, or the name of the field that holds a file or a text."`
	Format       ReadFormat    `z:"default=auto,literal"`
	Header       bool          `z:"default=true,literal,label=First row names the columns,when=format:auto|csv|xlsx|html_table"`
	Rows         field.Exact   `z:"max=1000,literal,label=Elements,when=format:html,help=A CSS selector such as table.prices tr: each element that it finds becomes an item. When empty the page is one item."`
	Fields       []Selected    `z:"max=100,when=format:html,help=What is taken of each element; its text when empty."`
	Entries      string        `z:"max=500,literal,label=List in the file,when=format:json|xml,help=Path to a list whose entries become the items, such as orders.order."`
	XML          []XMLReading  `z:"literal,fold,label=Options,when=format:xml"`
	Attributes   XMLAttributes `z:"default=fields,literal,fold,when=format:xml"`
	AttributesIn field.Exact   `z:"max=100,default=@,literal,fold,label=Field of the attributes,when=attributes:apart"`
	TextIn       field.Exact   `z:"max=100,literal,fold,label=Field of a text,when=format:xml,help=Where the text of an element stands that has attributes or elements; #text when empty."`
	Sheet        field.Exact   `z:"max=31,when=format:xlsx,short,help=The first one when empty."`
	Range        field.Exact   `z:"max=40,when=format:xlsx,short,help=Such as A2:D9, or B2 for where a table begins."`
	Separator    CellSeparator `z:"default=auto,literal,fold,when=format:auto|csv"`
	Typed        bool          `z:"literal,fold,label=Numbers as numbers,when=format:auto|csv|html_table,help=A cell such as 12.50 or true becomes a number or a boolean. One with a leading zero stays a text."`
	Encoding     field.Exact   `z:"max=40,literal,fold,when=format:auto|csv|json|jsonl|lines|text|xml|html|html_table|ics|vcf,help=Such as windows-1252. UTF-8 or UTF-16 when empty."`
	Empty        bool          `z:"default=true,literal,fold,label=Empty cells,when=format:auto|csv|xlsx|html_table,help=When turned off, an item has no field for an empty cell."`
	Unmarked     bool          `z:"literal,fold,label=Without a byte order mark,when=format:csv,help=In a workflow that behaves as in n8n the mark stays in the name of the first column."`
	Alone        bool          `z:"literal,fold,label=Without the other fields,help=The item has what was read alone."`
	Skip         int           `z:"min=0,max=10000000,fold,short,label=Rows to skip"`
	Most         int           `z:"min=0,max=10000,fold,short,label=Most rows,help=All when empty; a file with more than 10000 is refused."`
	Destination  field.Exact   `z:"max=500,fold,help=The field of the item that gets all of it. When empty each row becomes an item."`
}

// Selected is what is taken of an element of a page.
type Selected struct {
	Name      field.Exact   `z:"required,max=100,short"`
	Selector  field.Exact   `z:"max=1000,literal,short,help=Such as h2 > a; the element itself when empty."`
	Skip      field.Exact   `z:"max=1000,literal,short,label=Without,help=A selector of what does not count in a text, such as .hint, sup."`
	Take      SelectedValue `z:"default=text,literal,short"`
	Attribute string        `z:"max=100,literal,short,help=Such as href."`
	All       bool          `z:"literal,help=A list of all that are found."`
}

// SelectedValue is what an element gives.
type SelectedValue string

// Choices are the values.
func (SelectedValue) Choices() []field.Choice {
	return []field.Choice{{Value: "text", Label: "Text"}, {Value: "html", Label: "HTML"}, {Value: "attribute", Label: "An attribute"}}
}

// ReadFormat is what a file is.
type ReadFormat string

// Choices are the formats.
func (ReadFormat) Choices() []field.Choice {
	return []field.Choice{
		{Value: "auto", Label: "By its name or type"},
		{Value: format.CSV, Label: "CSV"},
		{Value: format.JSON, Label: "JSON"},
		{Value: format.JSONL, Label: "JSON, one per line"},
		{Value: format.XLSX, Label: "Excel (.xlsx)"},
		{Value: format.XML, Label: "XML"},
		{Value: format.HTML, Label: "HTML"},
		{Value: format.HTMLTable, Label: "Table of an HTML page"},
		{Value: format.PDF, Label: "PDF"},
		{Value: format.Text, Label: "Text"},
		{Value: format.Lines, Label: "Lines of text"},
		{Value: format.Calendar, Label: "Calendar (.ics)"},
		{Value: format.Contacts, Label: "Contacts (.vcf)"},
		{Value: format.ZIP, Label: "ZIP archive"},
		{Value: format.GZIP, Label: "gzip"},
	}
}

// CellSeparator stands between the cells of a CSV file.
type CellSeparator string

// Choices are the separators.
func (CellSeparator) Choices() []field.Choice {
	return []field.Choice{{Value: "auto", Label: "As in the first line"}, {Value: "comma", Label: "Comma"},
		{Value: "semicolon", Label: "Semicolon"}, {Value: "tab", Label: "Tab"}, {Value: "pipe", Label: "Pipe"}}
}

// rune is the separator itself, 0 where the file decides.
func (s CellSeparator) rune() rune {
	return map[CellSeparator]rune{"comma": ',', "semicolon": ';', "tab": '\t', "pipe": '|'}[s]
}

func fileRead() *Type {
	return Declare(Type{
		Name: "file.read", Version: 1, Category: "data", Title: "Read a file", Icon: "file-text", Examples: fileReadExamples,
		Help: "Makes items of the rows of a table or the entries of a list, and reads texts, pages, PDF files and archives.",
	}, runFileRead)
}

var fileReadExamples = []Example{{
	Config: `{"file": "body", "format": "csv", "typed": true}`,
	In:     `[{"body": "name;price\nPen;1.50\nInk;12"}]`,
	Out:    `{"main": [{"name": "Pen", "price": 1.50}, {"name": "Ink", "price": 12}]}`,
}, {
	Config: `{"file": "body", "format": "html", "rows": "li", "fields": [{"name": "title", "selector": "a"}, {"name": "link", "selector": "a", "take": "attribute", "attribute": "href"}]}`,
	In:     `[{"body": "<ul><li><a href=\"/pen\">Pen</a> 1.50<li><a href=\"/ink\">Ink</a> 12</ul>"}]`,
	Out:    `{"main": [{"title": "Pen", "link": "/pen"}, {"title": "Ink", "link": "/ink"}]}`,
}, {
	Config: `{"file": "body", "format": "xml", "destination": "order"}`,
	In:     `[{"body": "<order id=\"7\"><line>Pen</line><line>Ink</line></order>"}]`,
	Out:    `{"main": [{"body": "<order id=\"7\"><line>Pen</line><line>Ink</line></order>", "order": {"order": {"@id": "7", "line": ["Pen", "Ink"]}}}]}`,
}}

// CheckWritten refuses selectors, ranges and paths that nothing can be found by. What an expression gives is empty here.
func (p *FileRead) CheckWritten() error {
	wrong := map[string]error{
		"encoding": format.CheckCharset(string(p.Encoding)),
		"range":    format.CheckRange(string(p.Range)),
		"rows":     format.CheckSelector(string(p.Rows)),
	}
	for i, f := range p.Fields {
		wrong[fmt.Sprintf("fields.%d.selector", i)] = format.CheckSelector(string(f.Selector))
		wrong[fmt.Sprintf("fields.%d.skip", i)] = format.CheckSelector(string(f.Skip))
		if f.Take == "attribute" && f.Attribute == "" {
			return fault.InvalidField(fmt.Sprintf("fields.%d.attribute", i), "is required")
		}
	}
	for name, err := range wrong {
		if err != nil {
			return fault.InvalidField(name, "%s", err)
		}
	}
	if p.Entries != "" {
		_, err := pathIn("entries", p.Entries)
		return err
	}
	return nil
}

func runFileRead(ctx context.Context, c *Call, parameters func(int) (*FileRead, error)) (Result, error) {
	return c.spread(func(i int, put func(value.Item) error) error {
		p, err := parameters(i)
		if err != nil {
			return err
		}
		room := c.carried()
		defer room.Reset()
		item := c.Items[i].JSON
		file, o, err := p.file(item, room)
		if err != nil && c.AsInN8n && c.GoesOn && p.Format == format.XML {
			return nil // there nothing comes of it, and no error
		} else if err != nil {
			return err
		}
		if o.AsInN8n = c.AsInN8n; o.AsInN8n && o.As == format.JSON && len(file.Body) == 0 {
			file.Body = []byte("{}")
		}
		rows, err := c.document(ctx, o, file.Body)
		if err != nil && c.AsInN8n && c.GoesOn && o.As == format.XML {
			return nil
		}
		if err != nil {
			return unreadable(file.Name, err)
		}
		if p.Destination != "" {
			read := value.List(rows...)
			if o.IsOne() && len(rows) == 1 {
				read = rows[0]
			}
			if p.Alone {
				item = value.Object()
			}
			changed, err := with(item, "destination", string(p.Destination), read)
			if err != nil {
				return err
			}
			return put(value.Item{JSON: changed, Files: c.Items[i].Files})
		}
		for _, row := range rows {
			if err := put(value.Item{JSON: asObject(row)}); err != nil {
				return err
			}
		}
		return nil
	})
}

// document reads a file here if that is cheap, and in a worker if nobody can tell what it costs.
func (c *Call) document(ctx context.Context, o format.Options, body []byte) ([]value.Value, error) {
	if format.IsLight(o.As) {
		return format.Read(o, body)
	}
	owner := ""
	if c.Environment != nil {
		owner = c.Environment.Owner
	}
	return c.Services.Sandbox.Document(ctx, owner, o, body)
}

// file is the file of an item, and how it is read.
func (p *FileRead) file(item value.Value, room *memory.Meter) (content.File, format.Options, error) {
	o := format.Options{
		As:        string(p.Format),
		Charset:   string(p.Encoding),
		Separator: p.Separator.rune(),
		Header:    p.Header,
		Typed:     p.Typed,
		Sheet:     string(p.Sheet),
		Range:     string(p.Range),
		Rows:      string(p.Rows),
		Entries:   p.Entries,
		Skip:      p.Skip,
		NoEmpty:   !p.Empty,
		Unmarked:  p.Unmarked,
		Most:      p.Most,
		Whole:     p.Destination != "",
	}
	o.XML = p.xml()
	for _, f := range p.Fields {
		o.Fields = append(o.Fields, format.Selection{
			Name:      string(f.Name),
			Selector:  string(f.Selector),
			Skip:      string(f.Skip),
			Take:      string(f.Take),
			Attribute: f.Attribute,
			All:       f.All,
		})
	}
	file, isText, err := fileOrText("file", p.File, item, room)
	if err != nil {
		return file, o, err
	}
	if isText {
		o.Charset = ""
	}
	if o.As == "auto" {
		o.As = format.Of(file)
		switch {
		case o.As == "" && isText:
			return file, o, fault.InvalidField("format", "can't be told of a text, which has no name and no type: choose it")
		case o.As == "":
			return file, o, fault.InvalidField("format", "can't be told by the name %.60q and the type %.60q: choose it", file.Name, file.MediaType)
		}
	}
	return file, o, nil
}

// fileOrText is oneFile for what a field may also hold as a text.
func fileOrText(name string, given, item value.Value, room *memory.Meter) (file content.File, isText bool, err error) {
	if given.Kind() == value.StringKind {
		path, err := pathIn(name, given.Raw())
		if err != nil {
			return file, false, fault.InvalidField(name, "names no field: it takes a file, or the name of the field that holds a file or a text")
		}
		if text := item.Find(path); text.Kind() == value.StringKind {
			return content.File{Body: []byte(text.Raw())}, true, room.Take(len(text.Raw()))
		}
	}
	file, err = oneFile(name, given, item, room)
	return file, false, err
}

// unreadable is the failure of an item whose file is wrong.
func unreadable(name string, err error) error {
	var wrong *format.Error
	if !errors.As(err, &wrong) {
		return err
	}
	if name == "" {
		name = "data"
	}
	return &Error{Code: "FILE_UNREADABLE", Message: fmt.Sprintf("%.100q can't be read: %s.", name, wrong.Message)}
}
