package ops

import (
	"regexp"
	"strings"
)

// Step is one thing to do. Its kind says how a page helps with it: a command is copied, a link opened, a workflow run.
type Step struct {
	// Text is Markdown.
	Text string `json:"text"`
	// Kind is check, link, command or workflow.
	Kind string `json:"kind"`
	// Target is the command, the address, or the id of the workflow.
	Target string `json:"target"`
}

var (
	taskItem     = regexp.MustCompile(`^\s{0,3}(?:[-*+]|\d+[.)])\s+\[[ xX]\]\s+(.*)$`)
	fenced       = regexp.MustCompile("(?s)```[^\n]*\n(.*?)```")
	inline       = regexp.MustCompile("`([^`\n]+)`")
	workflowLink = regexp.MustCompile(`\]\((?:[a-z]+://[^/)]+)?/workflows/([0-9a-f-]{36})[^)]*\)`)
	link         = regexp.MustCompile(`\]\((https?://[^)\s]+)\)|<(https?://[^>\s]+)>|\b(https?://[^\s)>]+)`)
)

// stepsOf finds the items of the task lists in a text, each with the indented lines below it.
func stepsOf(text string) []RunStep {
	steps := []RunStep{}
	open := false
	for line := range strings.SplitSeq(text, "\n") {
		if match := taskItem.FindStringSubmatch(line); match != nil {
			steps = append(steps, RunStep{Step: Step{Text: match[1]}})
			open = true
			continue
		}
		indented := strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t")
		if open = open && (indented || strings.TrimSpace(line) == ""); open {
			steps[len(steps)-1].Text += "\n" + strings.TrimPrefix(strings.TrimPrefix(line, "\t"), "  ")
		}
	}
	for i := range steps {
		steps[i].Text = strings.TrimSpace(steps[i].Text)
		steps[i].Kind, steps[i].Target = kindOf(steps[i].Text)
		if steps[i].Kind == "command" {
			// The command stands by itself, so that it can be copied.
			steps[i].Text = strings.TrimSpace(fenced.ReplaceAllString(steps[i].Text, ""))
		}
	}
	return steps
}

func kindOf(text string) (kind, target string) {
	if match := workflowLink.FindStringSubmatch(text); match != nil {
		return "workflow", match[1]
	}
	for _, command := range []*regexp.Regexp{fenced, inline} {
		if match := command.FindStringSubmatch(text); match != nil {
			return "command", strings.TrimSpace(match[1])
		}
	}
	if match := link.FindStringSubmatch(text); match != nil {
		return "link", match[1] + match[2] + match[3]
	}
	return "check", ""
}
