// Package format reads the files that people exchange into values, and makes such files of values. A file is a stranger's:
// each reader bounds what it unpacks, and a wrong file is an *Error and never a panic. What is parsed by rules whose cost
// nobody can tell before, such as HTML and PDF, is read in a worker of package sandbox; see IsLight.
//
// Start with Read and Write. Each format is in a file of its name.
package format

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"sync"

	"zygo/app/flow/content"
	"zygo/app/value"
)

// The bounds of a file.
const (
	// MostRows are the rows that are read from a file.
	MostRows = 10_000
	// mostColumns are those of a table.
	mostColumns = 1000
	// mostUnpacked bounds what a packed file becomes.
	mostUnpacked = 32 << 20
	// mostBuilt bounds what the values that are read take in memory.
	mostBuilt = 64 << 20
	// deepest leaves room for what the values are put into.
	deepest = value.Deepest - 8
)

// Error is what is wrong with a file, in a sentence for the person who has it.
type Error struct{ Message string }

// Error gives the sentence.
func (e *Error) Error() string { return e.Message }

func wrong(message string, arguments ...any) error { return &Error{fmt.Sprintf(message, arguments...)} }

// The formats.
const (
	CSV   = "csv"
	JSON  = "json"
	JSONL = "jsonl"
	Lines = "lines"
	Text  = "text"
	XLSX  = "xlsx"
	XML   = "xml"
	HTML  = "html"
	// HTMLTable is read as the rows of the first table of a page.
	HTMLTable = "html_table"
	PDF       = "pdf"
	Calendar  = "ics"
	Contacts  = "vcf"
	ZIP       = "zip"
	GZIP      = "gzip"
	Feed      = "feed"
	// Markdown is read as HTML, and ToMarkdown reads HTML as Markdown.
	Markdown   = "markdown"
	ToMarkdown = "to_markdown"
	// Mrkdwn reads Markdown as the marks of Slack.
	Mrkdwn = "mrkdwn"
	// SQLite is a database in a file, which is asked by a statement.
	SQLite = "sqlite"
)

// Options say how a file is read. They are sent to a worker as JSON.
type Options struct {
	As string `json:"as"`
	// Charset is that of a text; empty for UTF-8 or UTF-16.
	Charset string `json:"charset,omitempty"`
	// Separator stands between the cells of a CSV file; 0 for what its first line has most of.
	Separator rune `json:"separator,omitempty"`
	// Header tells that the first row of a table names its columns.
	Header bool `json:"header,omitempty"`
	// Typed makes numbers and booleans of the cells of a CSV file that say some.
	Typed bool `json:"typed,omitempty"`
	// Sheet is the name of a sheet, empty for the first, and Range a part of it such as A2:D9.
	Sheet string `json:"sheet,omitempty"`
	Range string `json:"range,omitempty"`
	// Rows selects the elements of a page that become rows, and Fields what is taken of each.
	Rows   string      `json:"rows,omitempty"`
	Fields []Selection `json:"fields,omitempty"`
	// Entries leads to a list in a document whose entries become the rows.
	Entries string `json:"entries,omitempty"`
	// Markdown is how it is read or written.
	Markdown MarkdownOptions `json:"markdown,omitzero"`
	// XML is what becomes of a document in XML.
	XML XMLReading `json:"xml,omitzero"`
	// Base is the address of a feed, from which its links lead.
	Base string `json:"base,omitempty"`
	// SQL is the statement that a database in a file is asked, with its parameters.
	SQL        string        `json:"sql,omitempty"`
	Parameters []value.Value `json:"parameters,omitempty"`
	// Skip leaves out rows at the beginning, and Most reads so many at most; all for 0.
	Skip int `json:"skip,omitempty"`
	Most int `json:"most,omitempty"`
	// NoEmpty leaves out the fields of empty cells, and Unmarked takes the byte order mark off in a workflow as in n8n.
	NoEmpty  bool `json:"no_empty,omitempty"`
	Unmarked bool `json:"unmarked,omitempty"`
	// AsInN8n reads what n8n does as it does; see as_n8n.go.
	AsInN8n bool `json:"as_in_n8n,omitempty"`
	// Whole gives a list in a JSON file as the one value that it is.
	Whole bool `json:"whole,omitempty"`
}

// readers by format. Each hands on the rows that it finds.
func readers() map[string]func(o Options, body []byte, put func(value.Value) error) error {
	return map[string]func(o Options, body []byte, put func(value.Value) error) error{
		CSV: readCSV, JSON: readJSON, JSONL: readJSONL, Lines: readLines, Text: readText, XLSX: readXLSX, XML: readXML,
		HTML: readHTML, HTMLTable: readHTMLTable, PDF: readPDF, Calendar: readCards, Contacts: readCards, ZIP: readZIP, GZIP: readGZIP,
		Feed: readFeed, Markdown: readMarkdown, ToMarkdown: readToMarkdown, Mrkdwn: readMrkdwn, SQLite: readSQLite,
	}
}

// IsLight tells whether a format is read in time and memory that grow with the file alone, so that the server may do it itself.
func IsLight(as string) bool {
	return as == CSV || as == JSON || as == JSONL || as == Lines || as == Text || as == GZIP
}

// IsOne tells whether a file that is read so holds one value, and not rows.
func (o Options) IsOne() bool {
	switch o.As {
	case Text, PDF, GZIP:
		return true
	case XML:
		return o.Entries == ""
	case JSON:
		return o.Entries == "" && o.Whole
	case HTML:
		return o.Rows == ""
	}
	return false
}

// Read gives the rows of a file: the rows of a table, the entries of a list, or the one value that it holds.
func Read(o Options, body []byte) (rows []value.Value, err error) {
	read, known := readers()[o.As]
	if !known {
		return nil, wrong("files can't be read as %.40q", o.As)
	}
	defer func() {
		// A library that fails over a wrong file must not end the process.
		if problem := recover(); problem != nil {
			rows, err = nil, wrong("the file can't be read as %s", o.As)
		}
	}()
	built, skip := 0, o.Skip
	put := func(row value.Value) error {
		if skip--; skip >= 0 {
			return nil
		}
		built += row.Size()
		switch {
		case o.Most > 0 && len(rows) >= o.Most:
			return errEnough
		case len(rows) >= MostRows:
			return wrong("the file has more than %d rows: read a part of them", MostRows)
		case built > mostBuilt:
			return wrong("what the file holds takes more than %d MiB", mostBuilt>>20)
		case row.Depth() > deepest:
			return wrong("the file is nested more than %d levels deep", deepest)
		}
		rows = append(rows, row)
		return nil
	}
	if o.Entries != "" {
		put = entries(o.Entries, put)
	}
	if err = read(o, body, put); errors.Is(err, errEnough) {
		err = nil
	}
	return rows, err
}

// errEnough ends a file of which the rest is not read.
var errEnough = errors.New("enough rows are read")

// entries hands on the entries of a list in what is read. What is no list counts as its only entry.
func entries(at string, put func(value.Value) error) func(value.Value) error {
	return func(row value.Value) error {
		to, err := value.ParsePath(at)
		if err != nil {
			return wrong("%s", err)
		}
		found := row.Find(to)
		if found.IsMissing() {
			return wrong("the file has nothing at %.100s", at)
		}
		if found.Kind() != value.ListKind {
			return put(found)
		}
		for _, entry := range found.Elements() {
			if err := put(entry); err != nil {
				return err
			}
		}
		return nil
	}
}

// names tell a format by the last part of a file's name or by its media type.
var names = map[string]string{
	".csv": CSV, ".tsv": CSV, "text/csv": CSV, "text/tab-separated-values": CSV,
	".json": JSON, "application/json": JSON,
	".jsonl": JSONL, ".ndjson": JSONL, "application/x-ndjson": JSONL, "application/jsonl": JSONL,
	".xlsx": XLSX, ".xlsm": XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": XLSX,
	".xml": XML, "application/xml": XML, "text/xml": XML,
	".html": HTML, ".htm": HTML, "text/html": HTML, "application/xhtml+xml": HTML,
	".pdf": PDF, "application/pdf": PDF,
	".ics": Calendar, "text/calendar": Calendar, ".vcf": Contacts, "text/vcard": Contacts,
	".zip": ZIP, "application/zip": ZIP, "application/x-zip-compressed": ZIP,
	".gz": GZIP, "application/gzip": GZIP, "application/x-gzip": GZIP,
	".txt": Text, ".md": Text, ".log": Text,
}

// Of tells the format of a file by its name or else its media type; empty where neither says it.
func Of(f content.File) string {
	kind := content.TypeOf(f.MediaType)
	for _, name := range []string{strings.ToLower(path.Ext(f.Name)), kind.Name} {
		if as := names[name]; as != "" {
			return as
		}
	}
	switch {
	case kind.IsJSON():
		return JSON
	case strings.HasSuffix(kind.Name, "+xml"):
		return XML
	case strings.HasPrefix(kind.Name, "text/"):
		return Text
	}
	return ""
}

// object is an object that is built of members, of which several may have one name: then it has a list.
type object struct {
	names  []string
	values map[string][]value.Value
	lists  map[string]bool // the names that have a list in any case
}

func (o *object) add(name string, v value.Value) {
	if o.values == nil {
		o.values = map[string][]value.Value{}
	}
	if _, known := o.values[name]; !known {
		o.names = append(o.names, name)
	}
	o.values[name] = append(o.values[name], v)
}

// set gives a name one value, the last that came.
func (o *object) set(name string, v value.Value) {
	if o.values[name] == nil {
		o.add(name, v)
	}
	o.values[name] = []value.Value{v}
}

func (o *object) value() value.Value {
	members := make([]value.Member, len(o.names))
	for i, name := range o.names {
		members[i] = value.Member{Key: name, Value: o.values[name][0]}
		if several := o.values[name]; len(several) > 1 || o.lists[name] {
			members[i].Value = value.List(several...)
		}
	}
	return value.Object(members...)
}

// pattern compiles an expression when it is needed first, because each start of Zygo would wait for it.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
