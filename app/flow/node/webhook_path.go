package node

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/value"
)

var (
	webhookPart      = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$`)
	webhookParameter = regexp.MustCompile(`^\{([a-z][a-z0-9_]*)\}$`)
)

const (
	mostPathParameters = 5
	// AnyPart stands in an address for a part that takes any value.
	AnyPart = "{}"
)

// checkPath refuses what is no path: parts of letters and digits, and parameters with names of their own.
func checkPath(path string) error {
	var names []string
	for part := range strings.SplitSeq(path, "/") {
		if m := webhookParameter.FindStringSubmatch(part); m != nil {
			if slices.Contains(names, m[1]) {
				return fault.InvalidField("path", "has {%s} twice", m[1])
			}
			names = append(names, m[1])
			continue
		}
		if !webhookPart.MatchString(part) || strings.Contains(part, "..") {
			return fault.InvalidField("path",
				"must be small letters, digits, dots, hyphens and slashes, such as github/pushes, and parameters such as {id}")
		}
	}
	if len(names) > mostPathParameters {
		return fault.InvalidField("path", "has %d parameters; %d is the most", len(names), mostPathParameters)
	}
	return nil
}

// Address is the path by which the webhook is found: two paths that take the same calls have one address.
func (w *Webhook) Address() string {
	parts := strings.Split(w.Path, "/")
	for i, part := range parts {
		if webhookParameter.MatchString(part) {
			parts[i] = AnyPart
		}
	}
	return strings.Join(parts, "/")
}

// BestAddress gives the address that takes a path, where several do the one whose parts are fixed the longest.
func BestAddress(addresses []string, path string) (string, bool) {
	called := strings.Split(path, "/")
	best := ""
	for _, address := range addresses {
		parts := strings.Split(address, "/")
		if len(parts) != len(called) {
			continue
		}
		takes := true
		for i, part := range parts {
			takes = takes && (part == called[i] || part == AnyPart && called[i] != "")
		}
		if takes && (best == "" || moreFixed(parts, strings.Split(best, "/"))) {
			best = address
		}
	}
	return best, best != ""
}

// moreFixed tells whether the first part in which two addresses differ is fixed in a.
func moreFixed(a, b []string) bool {
	for i := range a {
		if (a[i] == AnyPart) != (b[i] == AnyPart) {
			return b[i] == AnyPart
		}
	}
	return false
}

// Parameters are the values that a called path has in the place of the webhook's parameters.
func (w *Webhook) Parameters(path string) value.Value {
	called := strings.Split(path, "/")
	var members []value.Member
	for i, part := range strings.Split(w.Path, "/") {
		m := webhookParameter.FindStringSubmatch(part)
		if m == nil || i >= len(called) {
			continue
		}
		plain, err := url.PathUnescape(called[i])
		if err != nil {
			plain = called[i]
		}
		members = append(members, value.Member{Key: m[1], Value: value.String(strings.ToValidUTF8(plain, "\uFFFD"))})
	}
	return value.Object(members...)
}
