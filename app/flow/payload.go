package flow

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
	"zygo/app/value"
	"zygo/store"
)

// payloads keep what is too large for a row: in the row a reference stands in its place. A long text, such as a file that travels
// through ten nodes, is stored once, whatever stands around it; and what is long without it is stored as a whole.
//
// The columns input and output of an execution and outputs of a step are texts of that form. They come from spill, and are read
// through inflate alone.
type payloads struct {
	files store.Blobs
	now   func() field.Time
}

func newPayloads(kernel *resource.Kernel, reserve int64) payloads {
	files := kernel.Blobs(store.PayloadDir)
	files.Reserve = reserve
	return payloads{files, kernel.Now}
}

// payload says that an execution refers to content. Content to which none refers is removed a day after it was put.
type payload struct {
	Execution int64
	Sum       string
	TenantID  string
	Size      int64 // in bytes
}

var payloadTable = newPayloadTable()

func newPayloadTable() *resource.Table {
	t := resource.NewTable[payload]("payload")
	t.Key, t.Blobs = []string{"execution", "sum"}, store.PayloadDir
	t.Indexes = []resource.Index{{Columns: []string{"sum"}, Across: true}}
	return t
}

const (
	// longText is the least length of a text in JSON that is kept for itself, and longWhole that of all else in a row.
	longText, longWhole = 64 << 10, 256 << 10
	// mark begins a reference: U+0000, as it is written in JSON, behind a quotation mark. A text of somebody that begins so is kept
	// for itself, so that nobody can write a reference.
	mark = `"\u0000`
	// freshPayload is how long content stays that nothing refers to yet.
	freshPayload = 24 * time.Hour
)

// spill takes what is long out of a text in JSON and puts it on disk. It gives what stands in the row.
func (p payloads) spill(text field.JSON) (field.JSON, error) {
	if len(text) < longText && !bytes.Contains(text, []byte(mark)) {
		return text, nil
	}
	var short []byte
	for rest := []byte(text); len(rest) > 0; {
		token := nextString(rest)
		before, inside := rest[:token.from], rest[token.from:token.to]
		short, rest = append(short, before...), rest[token.to:]
		if len(inside) < longText && !bytes.HasPrefix(inside, []byte(mark)) {
			short = append(short, inside...)
			continue
		}
		kept, err := p.put(inside)
		if err != nil {
			return nil, err
		}
		short = append(append(append(short, mark...), kept...), '"')
	}
	if len(short) < longWhole {
		return short, nil
	}
	whole, err := p.put(short)
	return field.JSON(mark + strings.Join(append([]string{whole}, referencesOf(short)...), " ") + `"`), err
}

// span is where something stands in a text.
type span struct{ from, to int }

// nextString finds the next text of a JSON document with its quotation marks, or the end of the document.
func nextString(document []byte) span {
	from := bytes.IndexByte(document, '"')
	if from < 0 {
		return span{len(document), len(document)}
	}
	for to := from + 1; ; to++ {
		next := bytes.IndexAny(document[to:], `"\`)
		if next < 0 {
			return span{from, len(document)}
		}
		if to += next; document[to] == '"' {
			return span{from, to + 1}
		}
		to++ // past what the backslash escapes
	}
}

// nextReference finds the next reference of a text in the form of spill, and gives the sums with their sizes that stand in it: first
// its own, then those that its content refers to. Without one, it is at the end of the text.
func nextReference(short []byte) (at span, kept []string) {
	for from := 0; ; from += len(mark) {
		next := bytes.Index(short[from:], []byte(mark))
		if next < 0 {
			return span{len(short), len(short)}, nil
		}
		if from += next; from > 0 && short[from-1] == '\\' {
			continue // a quotation mark within a text of somebody
		}
		inside := short[from+len(mark):]
		inside = inside[:bytes.IndexByte(inside, '"')]
		return span{from, from + len(mark) + len(inside) + 1}, strings.Fields(string(inside))
	}
}

// referencesOf are the sums with their sizes that a text in the form of spill refers to.
func referencesOf(short field.JSON) (all []string) {
	for rest := []byte(short); len(rest) > 0; {
		at, kept := nextReference(rest)
		all, rest = append(all, kept...), rest[at.to:]
	}
	return all
}

func (p payloads) put(content []byte) (kept string, err error) {
	sum, err := p.files.Put(content, p.now().Go())
	return fmt.Sprintf("%s:%d", sum, len(content)), err
}

// parted are the two parts of what put gives.
func parted(kept string) (sum string, size int64) {
	sum, digits, _ := strings.Cut(kept, ":")
	size, _ = strconv.ParseInt(digits, 10, 64) // put wrote a number
	return sum, size
}

// inflate gives a text as it was before spill.
func (p payloads) inflate(short field.JSON) (field.JSON, error) {
	if !bytes.Contains(short, []byte(mark)) {
		return short, nil
	}
	var full []byte
	read := map[string][]byte{}
	for rest := []byte(short); len(rest) > 0; {
		at, kept := nextReference(rest)
		full, rest = append(full, rest[:at.from]...), rest[at.to:]
		if kept == nil {
			break
		}
		content, ok := read[kept[0]]
		if !ok {
			var err error
			if content, err = p.read(kept[0]); err == nil && len(kept) > 1 {
				content, err = p.inflate(content)
			}
			if err != nil {
				return nil, err
			}
			read[kept[0]] = content
		}
		full = append(full, content...)
	}
	return full, nil
}

func (p payloads) read(kept string) ([]byte, error) {
	sum, size := parted(kept)
	content := make([]byte, size)
	file, err := p.files.Open(sum)
	if err == nil {
		defer file.Close()
		_, err = io.ReadFull(file, content)
	}
	if err != nil {
		return nil, fault.New(fault.Unavailable, "Data of this execution is missing. Restore the folder %s from a backup.",
			store.PayloadDir).Because(err)
	}
	return content, nil
}

// fullLen is how long a text in the form of spill is when it is inflated.
func fullLen(short field.JSON) int {
	length := len(short)
	for _, kept := range referencesOf(short) {
		_, size := parted(kept)
		length += int(size)
	}
	return length
}

// refer records what an execution refers to, in the write that stores the texts.
func refer(s *resource.Session, execution int64, texts ...field.JSON) error {
	for _, text := range texts {
		for _, kept := range referencesOf(text) {
			sum, size := parted(kept)
			if err := s.Put(payloadTable, &payload{execution, sum, s.Tenant(), size}); err != nil {
				return err
			}
		}
	}
	return nil
}

// items reads a list of items in the form of spill.
func (p payloads) items(short field.JSON) ([]value.Item, error) {
	full, err := p.inflate(short)
	if err != nil {
		return nil, err
	}
	return value.ParseItems(full, value.Limits{})
}

// size is how many bytes the input and what the nodes gave take.
func (r *run) size() int64 {
	size := fullLen(r.row.Input) + fullLen(r.row.Output)
	for i := range r.journal {
		size += fullLen(r.journal[i].Outputs)
	}
	return int64(size)
}

// sweepPayloads removes the content that no execution refers to any more.
func (e *Engine) sweepPayloads(ctx context.Context) error {
	before := e.kernel.Now().Go().Add(-freshPayload)
	for sum := range e.payloads.files.Old(before) {
		if err := e.dropPayload(ctx, sum, before); err != nil {
			return err
		}
	}
	return e.payloads.files.Sweep(before)
}

func (e *Engine) dropPayload(ctx context.Context, sum string, before time.Time) error {
	s := e.system()
	s.Context = ctx
	used, err := resource.SelectOne[int](s, "SELECT count(*) FROM (SELECT 1 FROM {payload} WHERE sum = ? LIMIT 1) AS used", sum)
	if err != nil || used > 0 {
		return err
	}
	return e.payloads.files.RemoveOld(sum, before)
}

// EraseTenant removes the content that only executions of an organization refer to which is deleted.
func (e *Engine) EraseTenant(ctx context.Context, tenant string) error {
	within := e.system().In(tenant)
	within.Context = ctx
	sums, err := resource.Select[string](within, "SELECT DISTINCT sum FROM {payload}")
	if err != nil {
		return err
	}
	if err := within.Write(func(s *resource.Session) error {
		_, err := s.Erase(payloadTable)
		return err
	}); err != nil {
		return err
	}
	for _, sum := range sums {
		if err := e.dropPayload(ctx, sum, within.Now.Go()); err != nil {
			return err
		}
	}
	return nil
}

// insertExecution stores a new execution with what its input refers to.
func insertExecution(s *resource.Session, row *Execution) error {
	if err := s.Insert(Executions.Table(s), row); err != nil {
		return err
	}
	return refer(s, row.N, row.Input, row.Output)
}
