package format

import (
	"bytes"
	"errors"
	"math"
	"strings"

	"github.com/ledongthuc/pdf"

	"zygo/app/value"
)

// mostPages are those of a PDF whose text is read.
const mostPages = 1000

// readPDF gives the text of a document, and what it says about itself.
func readPDF(_ Options, body []byte, put func(value.Value) error) error {
	document, err := pdf.NewReader(bytes.NewReader(body), int64(len(body)))
	switch {
	case errors.Is(err, pdf.ErrInvalidPassword):
		return wrong("the PDF is locked with a password")
	case err != nil:
		return wrong("the file is no PDF that can be read")
	}
	count := document.NumPage()
	if count > mostPages {
		return wrong("the PDF has %d pages; %d are the most", count, mostPages)
	}
	texts := make([]string, 0, count)
	for n := 1; n <= count; n++ {
		text, err := pagedText(document.Page(n))
		if err != nil {
			return wrong("page %d of the PDF can't be read", n)
		}
		texts = append(texts, text)
	}
	info := document.Trailer().Key("Info")
	members := []value.Member{
		{Key: "text", Value: value.String(strings.Join(texts, "\n\n"))},
		{Key: "pages", Value: value.Int(int64(count))},
	}
	for _, key := range []string{"Title", "Author", "Subject"} {
		if said := info.Key(key).Text(); said != "" {
			members = append(members, value.Member{Key: strings.ToLower(key), Value: value.String(said)})
		}
	}
	return put(value.Object(members...))
}

// pagedText is the text of a page: line by line as its letters stand. Of fonts that don't say how wide their letters are it is
// what was written, with a line for each piece of text.
func pagedText(page pdf.Page) (text string, err error) {
	if page.V.IsNull() {
		return "", nil
	}
	defer func() {
		if problem := recover(); problem != nil {
			text, err = page.GetPlainText(nil)
			text = strings.TrimSpace(text)
		}
	}()
	letters := page.Content().Text
	measured := 0
	for _, letter := range letters {
		if letter.W > 0 {
			measured++
		}
	}
	if measured < len(letters)/2 {
		text, err = page.GetPlainText(nil)
		return strings.TrimSpace(text), err
	}
	return linesOf(letters), nil
}

// linesOf puts letters into words and lines.
func linesOf(letters []pdf.Text) string {
	var text strings.Builder
	var before pdf.Text
	for _, letter := range letters {
		if letter.S == "\n" { // the library's own
			continue
		}
		size := math.Abs(letter.FontSize)
		switch {
		case before.S == "":
		case math.Abs(letter.Y-before.Y) > size/2:
			text.WriteByte('\n')
		case letter.X-before.X > before.W+size/5 && before.S != " " && letter.S != " ":
			text.WriteByte(' ')
		}
		text.WriteString(letter.S)
		before = letter
	}
	return strings.TrimSpace(text.String())
}
