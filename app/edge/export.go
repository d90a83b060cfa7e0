package edge

import (
	"mime"
	"net/http"

	"zygo/app/identity"
)

// ExportAccount answers all that the instance knows of a person as a file, written while it is read.
func ExportAccount(accounts *identity.Accounts, p *identity.Person) (*Response, error) {
	write, err := accounts.ExportAccount(p)
	if err != nil {
		return nil, err
	}
	response := NewResponse(http.StatusOK, "application/json", nil)
	response.Header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "zygo-account.json"}))
	response.Stream = write
	return response, nil
}
