package node

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/content"
	"zygo/app/flow/format"
	"zygo/app/value"
)

// FileWrite makes a file of items.
type FileWrite struct {
	Format       WriteFormat   `z:"default=csv,literal"`
	Of           FileOf        `z:"default=all,literal,label=Make"`
	Name         field.Exact   `z:"max=200,label=File name,help=Its ending is added."`
	Content      value.Value   `z:"when=format:json|jsonl|xml|text,help=What is written of each item, such as {{ $json.body }}; the whole item when empty."`
	Columns      []string      `z:"max=1000,when=format:csv|xlsx|html,help=The fields to write, in their order, such as name, address.city. All when empty."`
	Header       bool          `z:"default=true,literal,label=First row names the columns,when=format:csv|xlsx|html"`
	Files        value.Value   `z:"default=data,when=format:zip|gzip,help=Files such as {{ $json.body.cv }}, or the names of the fields that hold them."`
	Sheet        field.Exact   `z:"max=31,when=format:xlsx,short,help=Its name; Sheet1 when empty."`
	Root         field.Exact   `z:"max=100,when=format:xml,short,label=Outermost element,help=When empty it is items, or the only field of the only item."`
	Row          field.Exact   `z:"max=100,when=format:xml,short,label=Element of an item,help=item when empty."`
	XML          []XMLWriting  `z:"literal,fold,label=Options,when=format:xml"`
	AttributesIn field.Exact   `z:"max=100,literal,fold,label=Field of the attributes,when=format:xml,help=The field of an element with its attributes. When empty they are the fields whose names begin with @."`
	TextIn       field.Exact   `z:"max=100,literal,fold,label=Field of a text,when=format:xml,help=Where the text of an element stands that has attributes or elements; #text when empty."`
	Separator    CellSeparator `z:"default=comma,literal,fold,when=format:csv"`
	Mark         bool          `z:"literal,fold,label=Byte order mark,when=format:csv,help=By it Excel knows that the file is UTF-8."`
	Formulas     bool          `z:"literal,fold,label=Keep formulas,when=format:csv,help=Otherwise a text that a spreadsheet would calculate begins with a single quote."`
	Lines        bool          `z:"literal,fold,label=On several lines,when=format:json"`
	AsText       bool          `z:"literal,fold,when=format:csv|json|jsonl|xml|html|text,help=The field gets the text instead of a file."`
	Destination  field.Exact   `z:"max=500,default=data,fold,help=The field that gets the file."`
}

// FileOf says of how many items a file is made.
type FileOf string

// Choices are the numbers.
func (FileOf) Choices() []field.Choice {
	return []field.Choice{{Value: "all", Label: "One file of all items"}, {Value: "each", Label: "A file of each item"}}
}

// WriteFormat is what a file becomes.
type WriteFormat string

// Choices are the formats.
func (WriteFormat) Choices() []field.Choice {
	return []field.Choice{
		{Value: format.CSV, Label: "CSV"},
		{Value: format.XLSX, Label: "Excel (.xlsx)"},
		{Value: format.JSON, Label: "JSON"},
		{Value: format.JSONL, Label: "JSON, one per line"},
		{Value: format.XML, Label: "XML"},
		{Value: format.HTML, Label: "HTML table"},
		{Value: format.Text, Label: "Text"},
		{Value: format.ZIP, Label: "ZIP archive of files"},
		{Value: format.GZIP, Label: "gzip of a file"},
	}
}

func fileWrite() *Type {
	return Declare(Type{
		Name: "file.write", Version: 1, Category: "data", Title: "Make a file", Icon: "file",
		Help: "Makes a table, a document or an archive of items, for example to attach it to a mail.",
		Examples: []Example{{
			Config: `{"format": "csv", "columns": ["name", "price"], "name": "prices"}`,
			In:     `[{"name": "Pen", "price": 1.5, "id": 7}, {"name": "=Ink", "price": 12, "id": 8}]`,
			Out:    `{"main": [{"data": {"name": "prices.csv", "media_type": "text/csv; charset=utf-8", "size": 28, "base64": "bmFtZSxwcmljZQpQZW4sMS41Cic9SW5rLDEyCg=="}}]}`,
		}},
	}, runFileWrite)
}

// CheckWritten refuses names that no sheet and no element has. What an expression gives is empty here.
func (p *FileWrite) CheckWritten() error {
	for name, check := range map[string]struct {
		given string
		by    func(string) error
	}{
		"sheet": {string(p.Sheet), format.CheckSheet},
		"root":  {string(p.Root), format.CheckElement},
		"row":   {string(p.Row), format.CheckElement},
	} {
		if check.given == "" {
			continue
		}
		if err := check.by(check.given); err != nil {
			return fault.InvalidField(name, "%s", err)
		}
	}
	return nil
}

func runFileWrite(_ context.Context, c *Call, parameters func(int) (*FileWrite, error)) (Result, error) {
	if len(c.Items) == 0 {
		return Result{Outputs: []Output{{Name: Main}}}, nil
	}
	p, err := parameters(0)
	if err != nil {
		return Result{}, err
	}
	if p.Of == "each" {
		return c.change(func(i int) (value.Value, error) {
			file, err := c.makeFile(i, i+1, parameters)
			if err != nil {
				return value.Null(), err
			}
			p, err := parameters(i)
			if err != nil {
				return value.Null(), err
			}
			item := c.Items[i].JSON
			if c.AsInN8n {
				item = value.Object()
				if p.Content.Kind() == value.ObjectKind && p.Format == format.Text {
					file.MediaType = "application/json"
				}
			}
			return with(item, "destination", string(p.Destination), p.made(file))
		})
	}
	file, err := c.makeFile(0, len(c.Items), parameters)
	if err != nil {
		return Result{}, err
	}
	json, err := with(value.Object(), "destination", string(p.Destination), p.made(file))
	if err != nil {
		return Result{}, err
	}
	out := Output{Name: Main}
	err = c.put(&out, value.Item{JSON: json})
	return Result{Outputs: []Output{out}}, err
}

// made is the file as the field gets it.
func (p *FileWrite) made(file content.File) value.Value {
	if p.AsText {
		return value.String(string(file.Body))
	}
	return file.Value()
}

// makeFile makes a file of some of the items, as the parameters of the first of them say.
func (c *Call) makeFile(from, to int, parameters func(int) (*FileWrite, error)) (content.File, error) {
	first, err := parameters(from)
	if err != nil {
		return content.File{}, err
	}
	// The parameters of the next item replace what is shared with these.
	settings := *first
	room := c.carried()
	defer room.Reset()
	var rows []value.Value
	var packed []content.File
	for i := from; i < to; i++ {
		p, err := parameters(i)
		if err != nil {
			return content.File{}, err
		}
		if settings.Format == format.ZIP || settings.Format == format.GZIP {
			some, err := files("files", p.Files, c.Items[i].JSON, room)
			if err != nil {
				return content.File{}, err
			}
			packed = append(packed, some...)
			continue
		}
		row := c.Items[i].JSON
		if p.Content.Kind() != value.UndefinedKind {
			row = p.Content
		}
		rows = append(rows, row)
	}
	var file content.File
	if settings.Format == format.ZIP || settings.Format == format.GZIP {
		file, err = format.Pack(string(settings.Format), string(settings.Name), packed, c.Now)
	} else {
		output := settings.output()
		output.AsInN8n = c.AsInN8n
		file, err = format.Write(output, rows)
	}
	var wrong *format.Error
	if errors.As(err, &wrong) {
		err = &Error{Code: "FILE_NOT_MADE", Message: fmt.Sprintf("The file can't be made: %s.", wrong.Message)}
	}
	return file, err
}

func (p *FileWrite) output() format.Output {
	return format.Output{
		As:           string(p.Format),
		Name:         string(p.Name),
		Columns:      p.Columns,
		Header:       p.Header,
		Separator:    p.Separator.rune(),
		Formulas:     p.Formulas,
		Mark:         p.Mark,
		Lines:        p.Lines,
		Sheet:        string(p.Sheet),
		Root:         string(p.Root),
		Row:          string(p.Row),
		One:          p.Of == "each",
		AttributesIn: string(p.AttributesIn),
		TextIn:       string(p.TextIn),
		CData:        slices.Contains(p.XML, "cdata"),
		Headless:     slices.Contains(p.XML, "headless"),
	}
}
