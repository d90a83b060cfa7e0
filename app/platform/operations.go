package platform

import (
	"io"
	"net/http"

	"zygo/app/fault"
	"zygo/app/operation"
	"zygo/app/resource"
)

var operations = []operation.Operation{
	operation.Operate(http.MethodGet, "search", "", "Find rows of every kind that the person may read, best first", search).ForPrograms(),
	operation.Operate(http.MethodGet, "organization/templates", "template:read",
		"The templates for a kind, those of the organization before those of the instance", listTemplates),
	operation.Operate(http.MethodGet, "dropdowns/{id}", "dropdown:read",
		"The values of a category, merged from organization and instance, or one of the organization's by its id", getDropdown),
}

// Operations are what people do with files before a row has them.
func (u *Uploads) Operations() []operation.Operation {
	return []operation.Operation{
		operation.Handle(http.MethodPost, "files", operation.SignedIn, "Upload a file, which a field of a row takes by its id within a day",
			func(c *operation.Call, _ *struct{}) (stored Uploaded, err error) {
				err = c.Upload(func(name string, content io.Reader) error {
					stored.Upload, err = u.Add(c.Session, name, content)
					return err
				})
				return stored, err
			}).Uploading().Needing("file:create"),
	}
}

// Uploaded is a file that was stored.
type Uploaded struct {
	operation.Made
	Upload
}

type searching struct {
	Q string `z:"help=The words to search for."`
}

// Hits are what a search found.
type Hits struct {
	Rows      []resource.Found
	corrected string
}

// Envelope says which words were searched where those given found nothing.
func (h Hits) Envelope() (rows any, metadata map[string]any) {
	metadata = map[string]any{"total": len(h.Rows)}
	if h.corrected != "" {
		metadata["corrected"] = h.corrected
	}
	return h.Rows, metadata
}

func search(s *resource.Session, in *searching) (hits Hits, err error) {
	if in.Q == "" {
		return hits, fault.New(fault.BadRequest, "q takes the words to search for.")
	}
	hits.Rows, hits.corrected, err = s.Search(in.Q)
	return hits, err
}
