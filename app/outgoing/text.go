package outgoing

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"zygo/app/fault"
)

const (
	textTime = 30 * time.Second
	// longestText is what one message may say; Twilio refuses more.
	longestText = 1600
	// mostTextAnswer bounds what is read of Twilio's answer.
	mostTextAnswer = 64 << 10
)

// TextSettings is the operator's account with Twilio.
type TextSettings struct {
	AccountSID, AuthToken string
	// From is the sender's number or name, MessagingService the id of a service that chooses one. One of the two is given.
	From, MessagingService string
	// URL is the address of the API, without a slash at the end.
	URL string
}

// Texter sends text messages through Twilio.
type Texter struct {
	settings TextSettings
	client   *http.Client
}

// NewTexter makes a texter behind the guard without connecting.
func (g *Guard) NewTexter(s TextSettings) (*Texter, error) {
	if s.AccountSID == "" || s.AuthToken == "" {
		return nil, fault.InvalidField("sms.account_sid", "needs sms.auth_token, and the other way round")
	}
	if (s.From == "") == (s.MessagingService == "") {
		return nil, fault.InvalidField("sms.from", "or sms.messaging_service names the sender, and not both")
	}
	return &Texter{settings: s, client: g.Client(Options{Time: textTime})}, nil
}

// Send hands a text message to Twilio. An Invalid fault is final (Twilio refuses it), an Unavailable one may pass (no
// connection, too many at once, Twilio's own failure). The sentences tell neither the number nor the text, because they go to
// the log.
func (t *Texter) Send(ctx context.Context, to, text string) error {
	if len(text) > longestText {
		return fault.InvalidField("text", "a text message may have %d bytes", longestText)
	}
	form := url.Values{"To": {to}, "Body": {text}}
	if t.settings.From != "" {
		form.Set("From", t.settings.From)
	} else {
		form.Set("MessagingServiceSid", t.settings.MessagingService)
	}
	address := t.settings.URL + "/2010-04-01/Accounts/" + url.PathEscape(t.settings.AccountSID) + "/Messages.json"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return fault.New(fault.Invalid, "sms.base_url is no address").Because(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	request.SetBasicAuth(t.settings.AccountSID, t.settings.AuthToken)
	response, err := t.client.Do(request)
	if err != nil {
		return Explain(err)
	}
	body, err := ReadBody(response, mostTextAnswer)
	status := response.StatusCode
	if status == http.StatusCreated || status == http.StatusOK {
		return nil // it was taken, whatever the answer says besides
	}
	var problem struct{ Code int }
	if err == nil {
		_ = json.Unmarshal(body, &problem) // an answer of something between has no code
	}
	if status >= 400 && status < 500 && status != http.StatusTooManyRequests {
		return fault.New(fault.Invalid, "Twilio refuses the text message with status %d and error %d", status, problem.Code)
	}
	return fault.New(fault.Unavailable, "Twilio doesn't take the text message now: status %d, error %d", status, problem.Code)
}
