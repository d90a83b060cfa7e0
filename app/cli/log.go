package cli

import (
	"io"
	"log/slog"
	"os"

	"zygo/app/config"
)

// newLog writes text on a terminal and JSON elsewhere, unless the setting says which.
func newLog(settings config.Log, to io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(settings.Level)) // the configuration allows the four names only
	options := &slog.HandlerOptions{Level: level}
	if settings.Format == "text" || settings.Format == "auto" && isTerminal(to) {
		return slog.New(slog.NewTextHandler(to, options))
	}
	return slog.New(slog.NewJSONHandler(to, options))
}

// quietLog is for commands, whose errors are printed.
func quietLog() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func isTerminal(to io.Writer) bool {
	file, ok := to.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
