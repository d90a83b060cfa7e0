package markup

// StandalonePage stands without the shell, for somebody who is not signed in: sign-in, setup, invitation, reset.
type StandalonePage struct {
	// Title is the page's and the browser's.
	Title string
	// Lead is a sentence under the title; it may be empty.
	Lead  string
	Look  Look
	Brand Brand
	// Text stands under the lead as formatted text without anything that could act.
	Text  string
	Token string
	// Notice stands above the button: what is wrong with the whole.
	Notice *Strip
	// Action is where the form posts to; without it the page has no form.
	Action, Submit string
	Hidden         []Hidden
	Fields         []FieldView
	// Upload is true when a field takes a file. Trap is the name of a field that only programs fill in, which is not shown.
	Upload bool
	Trap   string
	// Second is one more button of the same form; nil hides it.
	Second *SecondButton
	// Others are further ways: a passkey, single sign-on, restoring a backup.
	Others []Action
	// Passkey is the way by passkey; nil hides it.
	Passkey *PasskeyButton
	// Foot are links under the card.
	Foot []Link
	// Wide gives the card room for more than a few short fields.
	Wide bool
}

// SecondButton sends the form for another purpose, which its name says.
type SecondButton struct {
	Name, Label, Icon string
}

func (StandalonePage) Template() string { return "alone" }

// Focus is the first field in error, else the first that is empty.
func (p StandalonePage) Focus() string {
	for _, field := range p.Fields {
		if field.Error != "" {
			return field.Name
		}
	}
	for _, field := range p.Fields {
		if field.Value == "" || p.Notice != nil && field.Kind == FieldPassword {
			return field.Name
		}
	}
	return ""
}

// ErrorPage tells why there is nothing else to show.
type ErrorPage struct {
	// Shell is nil for somebody who is not signed in.
	Shell *Shell
	Look  Look
	Brand Brand
	// Title says what happened ("This incident does not exist"), Text why it may be so, with the id that was asked for.
	Title, Text string
	// Who can help, such as the names of those who may grant a permission; it may be empty.
	Who     string
	Actions []Action
	// Request leads to the log line; empty hides it.
	Request string
}

func (ErrorPage) Template() string { return "error" }

// PasskeyButton asks the browser for a passkey.
type PasskeyButton struct {
	// Purpose is sign_in, challenge, or proof; Next is where to go afterwards.
	Purpose, Next, Label string
}
