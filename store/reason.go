package store

import (
	"errors"
	"io/fs"
	"strings"

	"zygo/app/fault"
)

// unavailable is a fault about a file or folder: what can't be done, why in the system's own words, and what to do where there is
// anything. Whether a disk is full, read-only or somebody else's decides that.
func unavailable(cause error, what, advice string) error {
	if why := reason(cause); why != "" {
		what += ": " + why
	}
	return fault.New(fault.Unavailable, "%s", strings.TrimSpace(what+". "+advice)).Because(cause)
}

// reason is what the system says, without the path, which the sentence around it names.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return ""
}
