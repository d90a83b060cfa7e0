package node

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/format"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// Notify tells a channel of a chat something, through an address that the service gave for it.
type Notify struct {
	Service Chat           `z:"required,literal"`
	Address field.Exact    `z:"required,max=2000,secrets,help=The address of the incoming webhook. Anyone who knows it can write there, so keep it in a secret, such as {{ $secrets.CHAT }}."`
	Title   string         `z:"max=200"`
	Text    field.LongText `z:"max=20000,help=In Markdown."`
	Colour  Colour         `z:"default=none,short"`
	Link    field.Exact    `z:"max=2000,help=Where the title leads."`
}

// Chat is a service that takes messages.
type Chat string

// Choices are the services.
func (Chat) Choices() []field.Choice {
	return []field.Choice{{Value: "slack", Label: "Slack"}, {Value: "teams", Label: "Microsoft Teams"},
		{Value: "discord", Label: "Discord"}, {Value: "mattermost", Label: "Mattermost"}}
}

// Colour says at a glance how good or bad a message is.
type Colour string

// Choices are the colours.
func (Colour) Choices() []field.Choice {
	return []field.Choice{{Value: "none", Label: "None"}, {Value: "green", Label: "Green"}, {Value: "amber", Label: "Amber"},
		{Value: "red", Label: "Red"}, {Value: "blue", Label: "Blue"}}
}

// rgb are the colours as numbers, and tones as cards of Teams call them.
var (
	rgb   = map[Colour]int{"green": 0x2EB67D, "amber": 0xECB22E, "red": 0xE01E5A, "blue": 0x36C5F0}
	tones = map[Colour]string{"green": "good", "amber": "warning", "red": "attention", "blue": "accent"}
)

func notify() *Type {
	return Declare(Type{
		Name: "notify", Version: 1, Category: "integration", Title: "Notify a chat", Icon: "bell", Repeat: SafeWithKey,
		Help: "Writes a message into a channel of Slack, Microsoft Teams, Discord or Mattermost.",
	}, runNotify)
}

// CheckWritten refuses addresses that are none. What an expression gives is empty here.
func (p *Notify) CheckWritten() error {
	for name, address := range map[string]field.Exact{"address": p.Address, "link": p.Link} {
		if address == "" {
			continue
		}
		if _, err := outgoing.ParseURL(string(address)); err != nil {
			return fault.InvalidField(name, "%s", fault.Public(err).Message)
		}
	}
	return nil
}

// notifyTime is how long a service may take.
const notifyTime = 30 * time.Second

func runNotify(ctx context.Context, c *Call, parameters func(int) (*Notify, error)) (Result, error) {
	return c.each(ctx, func(item int) ([]value.Value, error) {
		p, err := parameters(item)
		if err != nil {
			return nil, err
		}
		if err := p.CheckWritten(); err != nil {
			return nil, err
		}
		if strings.TrimSpace(p.Title+string(p.Text)) == "" {
			return nil, &Error{Code: "MESSAGE_EMPTY", Message: "The message has neither a title nor a text."}
		}
		message, err := p.message(ctx, c)
		if err != nil {
			return nil, err
		}
		if err := p.send(ctx, c, message); err != nil {
			return nil, err
		}
		return []value.Value{c.Items[item].JSON}, nil
	})
}

// object is a JSON object of a message.
type object = map[string]any

// message is what the service takes.
func (p *Notify) message(ctx context.Context, c *Call) (object, error) {
	switch p.Service {
	case "slack":
		text, err := c.document(ctx, format.Options{As: format.Mrkdwn}, []byte(p.Text))
		if err != nil {
			return nil, err
		}
		written := ""
		for _, v := range text {
			written = v.Raw()
		}
		attachment := p.attachment(written)
		attachment["mrkdwn_in"] = []string{"text"}
		return object{"attachments": []any{attachment}}, nil
	case "mattermost":
		return object{"attachments": []any{p.attachment(string(p.Text))}}, nil
	case "discord":
		embed := object{"title": shortened(p.Title, 256), "description": shortened(string(p.Text), 4096)}
		if colour, ok := rgb[p.Colour]; ok {
			embed["color"] = colour
		}
		if p.Link != "" {
			embed["url"] = p.Link
		}
		// What comes from data calls nobody by name.
		return object{"embeds": []any{embed}, "allowed_mentions": object{"parse": []string{}}}, nil
	}
	return p.card(), nil
}

// attachment is the form of a message that Slack has and Mattermost took over.
func (p *Notify) attachment(text string) object {
	a := object{"fallback": shortened(p.Title+" "+string(p.Text), 300), "title": p.Title, "text": text}
	if colour, ok := rgb[p.Colour]; ok {
		a["color"] = fmt.Sprintf("#%06X", colour)
	}
	if p.Link != "" {
		a["title_link"] = p.Link
	}
	return a
}

// card is an Adaptive Card, as the webhooks of Teams take it.
func (p *Notify) card() object {
	body := []any{}
	if p.Title != "" {
		title := object{"type": "TextBlock", "text": p.Title, "weight": "bolder", "size": "medium", "wrap": true}
		if tone, ok := tones[p.Colour]; ok {
			title["color"] = tone
		}
		body = append(body, title)
	}
	if p.Text != "" {
		body = append(body, object{"type": "TextBlock", "text": boldHeadings(string(p.Text)), "wrap": true})
	}
	content := object{"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": body}
	if p.Link != "" {
		content["actions"] = []any{object{"type": "Action.OpenUrl", "title": "Open", "url": p.Link}}
	}
	return object{"type": "message", "attachments": []any{object{
		"contentType": "application/vnd.microsoft.card.adaptive",
		"contentUrl":  nil,
		"content":     content,
	}}}
}

// boldHeadings writes headings as bold lines, because cards know no headings.
func boldHeadings(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if marks := len(line) - len(strings.TrimLeft(line, "#")); marks > 0 && marks < 7 && strings.HasPrefix(line[marks:], " ") {
			lines[i] = "**" + strings.TrimSpace(line[marks:]) + "**"
		}
	}
	return strings.Join(lines, "\n")
}

// shortened is a text of so many characters at most.
func shortened(text string, most int) string {
	if text = strings.TrimSpace(text); utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// send hands the message over. The address is secret, so an error never shows it.
func (p *Notify) send(ctx context.Context, c *Call, message object) error {
	body, err := json.Marshal(message)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, string(p.Address), bytes.NewReader(body))
	if err != nil {
		return fault.InvalidField("address", "is no address that a message can be sent to")
	}
	r.Header.Set("Content-Type", "application/json")
	came, err := c.Services.HTTP.Client(outgoing.Options{Time: notifyTime}).Do(r)
	if err != nil {
		return failure(outgoing.Explain(err), nil)
	}
	answer, err := outgoing.ReadBody(came, mostAnswer)
	if err != nil {
		return failure(err, nil)
	}
	if path := r.URL.Path; len(path) > 1 { // the secret part, should the service repeat it
		answer = bytes.ReplaceAll(answer, []byte(path), []byte(masked))
	}
	said := strings.ToValidUTF8(string(answer), "\uFFFD")
	// Teams may say of what it refused that the call succeeded.
	if came.StatusCode >= 200 && came.StatusCode < 300 && !strings.HasPrefix(said, "Webhook message delivery failed") {
		return nil
	}
	return &Error{
		Code:      "NOTIFY_REFUSED",
		Message:   strings.TrimSpace(fmt.Sprintf("The service refused the message with %d: %.300s", came.StatusCode, said)),
		Retryable: came.StatusCode == http.StatusTooManyRequests || came.StatusCode >= 500,
		After:     retryAfter(came.Header.Get("Retry-After"), c.Now),
		Status:    came.StatusCode,
		Body:      errorBody(came, answer),
	}
}
