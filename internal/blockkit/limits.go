package blockkit

// The limits of one message. They are Slack's own (docs.slack.dev, Block Kit
// reference) unless a comment says otherwise; characters are as Length counts
// them, and every bound is inclusive.
const (
	// MaxText is the length of the text beside the blocks. Slack takes more
	// from chat.postMessage, but chat.update refuses more than 4,000 (doc), and
	// a message that cannot be updated cannot be corrected.
	MaxText = 3900
	// MaxBlocks is the number of blocks of a message.
	MaxBlocks = 50
	// MaxBlockID is the length of a block_id.
	MaxBlockID = 255
	// MaxTextTotal is the number of characters over all text blocks: header,
	// section, context, markdown and rich_text. Slack answers
	// msg_blocks_too_long from about 13,200 on; nobody has documented where.
	MaxTextTotal = 12999
	// MaxTables is the number of tables of any kind in one message.
	MaxTables = 1
	// MaxCharts is the number of data_visualization blocks in one message.
	MaxCharts = 2

	MaxHeader          = 150   // characters of a header
	MaxSection         = 3000  // characters of a section's text, and of any text object
	MaxSectionFields   = 10    // fields of a section
	MaxSectionField    = 2000  // characters of one field
	MaxContextElements = 10    // texts and images of a context
	MaxActions         = 25    // elements of an actions block
	MaxMarkdown        = 12000 // characters over all markdown blocks of a message

	MaxButtonText  = 75   // characters of a button's label
	MaxButtonValue = 2000 // characters of a button's value
	MaxActionID    = 255  // characters of an element's action_id
	MaxURL         = 3000 // characters of a URL
	MaxAltText     = 2000 // characters of an image's alt_text or title

	MinDataTableRows       = 2     // the header and one row
	MaxDataTableRows       = 201   // with the header; 101 when the block came out in May 2026
	MaxDataTableCharacters = 20000 // over all cells; 10,000 when the block came out
	MaxPageSize            = 100   // rows on one page of a data_table
	MaxColumns             = 20    // columns of a data_table and of a table
	MaxTableRows           = 100   // with the header, if there is one
	MaxTableCharacters     = 10000 // over all cells

	MaxChartTitle  = 50 // characters of a chart's or of an axis' title
	MaxChartSeries = 12 // series, or slices of a pie; 6 when the block came out in June 2026
	MaxChartPoints = 20 // categories, and so points of one series
	MaxChartLabel  = 20 // characters of a slice's, category's or series' name

	MaxContainerBlocks = 10  // blocks inside a container
	MaxContainerTitle  = 150 // characters of a container's title or subtitle
)
