package edge

import (
	"log/slog"
	"strings"

	"zygo/app/fault"
)

// LogFailure logs once, at the top, what a caller does not see.
func LogFailure(log *slog.Logger, r *Request, err error) {
	level := slog.LevelDebug
	switch fault.Public(err).Code {
	case fault.Internal:
		level = slog.LevelError
	case fault.Unavailable:
		level = slog.LevelWarn
	}
	path := r.Path
	if token := r.Param("token"); token != "" {
		path = strings.ReplaceAll(path, token, "…") // it may still give somebody a right
	}
	log.Log(r.Context, level, "request failed", "request", r.ID, "method", r.Method, "path", path, "error", err)
}
