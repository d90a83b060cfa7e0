package field

import (
	"errors"
	"net/url"
	"strings"
)

// URL is a whole address of the web, by http or https and without a password in it. Empty is none.
type URL string

var urlType = writtenType{
	name:    "url",
	longest: 2000,
	read:    readURL,
	schema:  Schema{"format": "uri", "examples": []any{"https://example.com/page"}},
}

func readURL(text string) (string, error) {
	parsed, err := url.Parse(text)
	switch {
	case err != nil || parsed.Hostname() == "" || parsed.Scheme != "http" && parsed.Scheme != "https" || strings.ContainsAny(text, ` \`):
		return "", errors.New("must be a whole address such as https://example.com/page")
	case parsed.User != nil:
		return "", errors.New("must not hold a name or password")
	}
	return text, nil
}
