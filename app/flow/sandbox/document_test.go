package sandbox_test

import (
	"errors"
	"strings"
	"testing"

	"zygo/app/flow/format"
	"zygo/app/flow/sandbox"
	"zygo/app/value"
)

// A file that takes more than there is ends the worker that reads it, and the next file is read.
func TestAFileEndsItsWorkerAlone(t *testing.T) {
	t.Parallel()
	pool := sandbox.NewPool(1)
	t.Cleanup(pool.Close)
	for name, c := range map[string]struct {
		o    format.Options
		body string
	}{
		"many elements":     {format.Options{As: format.HTML}, strings.Repeat("<i>"+strings.Repeat("<p>", 1000), 3000)},
		"too large to send": {format.Options{As: format.XML}, strings.Repeat("x", 17<<20)},
		"too much of it":    {format.Options{As: format.XML}, "<a>" + strings.Repeat("\x26#1;", 4<<20)[:15<<20] + "</a>"},
		"no document":       {format.Options{As: format.PDF}, "%PDF-1.4"},
	} {
		rows, err := pool.Document(t.Context(), "", c.o, []byte(c.body))
		var wrong *format.Error
		if !errors.As(err, &wrong) || wrong.Message == "" {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
		rows, err = pool.Document(t.Context(), "", format.Options{As: format.XML, Entries: "a.b"}, []byte("<a><b>1</b><b>2</b></a>"))
		if err != nil || value.List(rows...).JSON() != `["1","2"]` {
			t.Errorf("after %s: %v, %v", name, rows, err)
		}
	}
}
