package node

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"

	"zygo/app/value"
)

// recipeRequest is what a recipe knows of a request beyond what the HTTP node lets people say.
type recipeRequest struct {
	// isRecipe tells that a list that is not there is an empty one, and that an answer without a body is a success.
	isRecipe bool
	// size is how many entries a full page has, and most how many items are wanted; 0 for any number.
	size, most int
	// ok is the path of what is true in an answer that is a success, and reason of what it says otherwise.
	ok, reason value.Path
}

// related is the body of a request whose parts belong together: a description in JSON, and a file (RFC 2387).
const related = "related"

// check refuses an answer that says itself that it is no success.
func (f *recipeRequest) check(a *answer) error {
	if len(f.ok) == 0 || a.whole.Find(f.ok).Truthy() {
		return nil
	}
	said := a.whole.Find(f.reason)
	if said.IsMissing() {
		said = value.String("no reason")
	}
	return &Error{Code: "SERVICE_REFUSED", Message: fmt.Sprintf("The service refused the request: %.300s", said.Text()), Body: a.whole}
}

// isLast tells whether no page follows one, by how full it is and by how much is wanted.
func (f *recipeRequest) isLast(got, all int) bool {
	return f.most > 0 && all >= f.most || f.size > 0 && got < f.size
}

// related writes the parts of a body one after the other. Another attempt sends the same bytes.
func (q *httpCall) related() (io.Reader, string, error) {
	sum := sha256.Sum256([]byte(q.key))
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	_ = w.SetBoundary("zygo-" + hex.EncodeToString(sum[:16])) // which is a valid one
	for i, p := range q.p.Parts {
		some, err := q.parts(p, p.Value)
		if err != nil {
			return nil, "", inRow("parts", i, err)
		}
		for _, one := range some {
			one.header.Del("Content-Disposition")
			into, err := w.CreatePart(one.header)
			if err == nil {
				_, err = into.Write(one.body)
			}
			if err != nil {
				return nil, "", err // memory takes everything
			}
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return bytes.NewReader(out.Bytes()), "multipart/related; boundary=" + w.Boundary(), nil
}
