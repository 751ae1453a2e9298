/* The options of dinoscope-cli: one table, from which parsing, the help texts
 * and the man page's test come. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bits, so that an option can say which commands take it. */
typedef enum
{
  CLI_COMMAND_NONE = 0,
  CLI_COMMAND_INFO = 1 << 0,
  CLI_COMMAND_FEATURES = 1 << 1,
  CLI_COMMAND_MAP = 1 << 2,
  CLI_COMMAND_BENCH = 1 << 3,
  CLI_COMMAND_MODEL = 1 << 4,
  CLI_COMMAND_SERVE = 1 << 5,
  CLI_COMMAND_INDEX = 1 << 6,
  CLI_COMMAND_NEIGHBORS = 1 << 7,
  CLI_COMMAND_EMBED = 1 << 8,
  CLI_COMMAND_MERGE = 1 << 9,
  CLI_COMMAND_CLUSTER = 1 << 20,
  CLI_COMMAND_COMPARE = 1 << 21,
  CLI_COMMAND_PROBE = 1 << 22,
  CLI_COMMAND_SEGMENT = 1 << 15,
  CLI_COMMAND_ANY = CLI_COMMAND_INFO | CLI_COMMAND_FEATURES | CLI_COMMAND_MAP | CLI_COMMAND_BENCH | CLI_COMMAND_MODEL | CLI_COMMAND_SERVE | CLI_COMMAND_EMBED | CLI_COMMAND_MERGE | CLI_COMMAND_INDEX | CLI_COMMAND_NEIGHBORS | CLI_COMMAND_CLUSTER | CLI_COMMAND_COMPARE | CLI_COMMAND_SEGMENT | CLI_COMMAND_PROBE
} CliCommand;

typedef enum
{
  CLI_TYPE_FLAG,
  CLI_TYPE_TEXT,
  CLI_TYPE_CHOICE,
  CLI_TYPE_INT,
  CLI_TYPE_REAL
} CliType;

typedef enum
{
  CLI_OPTION_MODEL,
  CLI_OPTION_PROCESSOR,
  CLI_OPTION_PRECISION,
  CLI_OPTION_PACKED_CACHE,
  CLI_OPTION_THREADS,
  CLI_OPTION_FIT,
  CLI_OPTION_INPUT_SIZE,
  CLI_OPTION_MODEL_INPUT,
  CLI_OPTION_INVERT,
  CLI_OPTION_WINDOW,
  CLI_OPTION_FRAME,
  CLI_OPTION_NO_EXIF,
  CLI_OPTION_QUIET,
  CLI_OPTION_JSON,
  CLI_OPTION_VERSION,
  CLI_OPTION_HELP,

  CLI_OPTION_OUTPUT,

  CLI_OPTION_WHAT,
  CLI_OPTION_BLOCK,
  CLI_OPTION_NO_NORM,
  CLI_OPTION_FACET,
  CLI_OPTION_DTYPE,
  CLI_OPTION_HIDDEN,
  CLI_OPTION_ATTENTION,
  CLI_OPTION_PIXEL_VALUES,
  CLI_OPTION_RAW_PIXELS,

  CLI_OPTION_LIST,
  CLI_OPTION_OVERLAY,
  CLI_OPTION_SET,
  CLI_OPTION_FROM,
  CLI_OPTION_MAP_ONLY,
  CLI_OPTION_SIZE,
  CLI_OPTION_COLORMAP,
  CLI_OPTION_OPACITY,
  CLI_OPTION_THRESHOLD,
  CLI_OPTION_SMOOTH,
  CLI_OPTION_CONTOURS,
  CLI_OPTION_RANGE,
  CLI_OPTION_BAR,
  CLI_OPTION_SECONDARY_CAPTURE,
  CLI_OPTION_NPY,
  CLI_OPTION_REGION,
  CLI_OPTION_REFERENCE,
  CLI_OPTION_REFERENCE_MODEL,
  CLI_OPTION_SAVE_BASIS,

  CLI_OPTION_TABLE,
  CLI_OPTION_KEY,
  CLI_OPTION_MEAN,
  CLI_OPTION_K,
  CLI_OPTION_SEED,
  CLI_OPTION_N_INIT,
  CLI_OPTION_NORMALIZE,
  CLI_OPTION_BATCH,
  CLI_OPTION_MAP,
  CLI_OPTION_PERPLEXITY,
  CLI_OPTION_COLOR_BY,
  CLI_OPTION_DUPLICATES,
  CLI_OPTION_FORMAT,
  CLI_OPTION_BLOCKS,
  CLI_OPTION_DEBIASED,
  CLI_OPTION_REFERENCE_PRECISION,
  CLI_OPTION_REFERENCE_FIT,
  CLI_OPTION_REFERENCE_INPUT_SIZE,
  CLI_OPTION_REFERENCE_MODEL_INPUT,

  CLI_OPTION_MASKS,
  CLI_OPTION_HEAD,
  CLI_OPTION_CLASSES,
  CLI_OPTION_IGNORE,
  CLI_OPTION_HIDDEN_UNITS,
  CLI_OPTION_L2,
  CLI_OPTION_CLASS_WEIGHTS,
  CLI_OPTION_POLYGONS,
  CLI_OPTION_SIMPLIFY,

  CLI_OPTION_LIST_FILE,
  CLI_OPTION_SHARD,
  CLI_OPTION_RESUME,
  CLI_OPTION_UPDATE,
  CLI_OPTION_HASH_NAMES,

  CLI_OPTION_RUNS,

  CLI_OPTION_PATCHES,
  CLI_OPTION_LAST4,
  CLI_OPTION_QUERY,
  CLI_OPTION_PATCH,
  CLI_OPTION_WHERE,
  CLI_OPTION_EXCLUDE_SAME,
  CLI_OPTION_SHEET,
  CLI_OPTION_PICTURES,
  CLI_OPTION_TEXTS,
  CLI_OPTION_TEXT_COLUMN,
  CLI_OPTION_VERIFY,

  CLI_OPTION_LABEL,
  CLI_OPTION_GROUP,
  CLI_OPTION_TASK,
  CLI_OPTION_FEATURES,
  CLI_OPTION_FOLDS,
  CLI_OPTION_UNCERTAIN,
  CLI_OPTION_KNN,
  CLI_OPTION_BOOTSTRAP,
  CLI_OPTION_SCORES,
  CLI_OPTION_CHART,
  CLI_OPTION_TRAINING_LIST,

  CLI_OPTION_YES,
  CLI_OPTION_FORCE,
  CLI_OPTION_MANIFEST,
  CLI_OPTION_PROGRESS_FD,
  CLI_OPTION_STALL_SECONDS,

  CLI_N_OPTIONS
} CliOption;

typedef struct
{
  const char *name; /* without the dashes */
  char        letter;
  CliType     type;
  guint       commands;   /* CliCommand bits */
  gboolean    repeatable; /* else the last one counts */
  const char *argument;   /* what stands for the value in the help: "FILE" */
  const char *choices;    /* "crop|pad|whole" */
  double      low, high;  /* of numbers */
  const char *help;       /* untranslated msgid */
} CliOptionInfo;

typedef struct
{
  CliCommand  command;
  const char *name;
  const char *operands; /* "IMAGE -o OUT" */
  const char *help;     /* untranslated msgids: one line, and the whole */
  const char *description;
} CliCommandInfo;

const CliOptionInfo *cli_option_info (CliOption option);

/* NULL past the end. */
const CliCommandInfo *cli_command_at (guint index);
const CliCommandInfo *cli_command_info (CliCommand command);

/* What the user asked for; every value has been checked against the table. */
typedef struct
{
  CliCommand command;
  GPtrArray *operands;              /* const char *, as in argv */
  GPtrArray *values[CLI_N_OPTIONS]; /* const char *; NULL when the option was not given */
} CliArguments;

/* FALSE after saying on stderr what is wrong. argv must outlive arguments.
 * With --help or --version the command may be missing. */
gboolean cli_arguments_parse (CliArguments *arguments, int argc, char **argv);
void     cli_arguments_clear (CliArguments *arguments);

gboolean    cli_arguments_has (const CliArguments *arguments, CliOption option);
const char *cli_arguments_text (const CliArguments *arguments, CliOption option, const char *standard);
int         cli_arguments_int (const CliArguments *arguments, CliOption option, int standard);
double      cli_arguments_real (const CliArguments *arguments, CliOption option, double standard);

/* The option as a person wrote it, or would: "--opacity". */
const char *cli_option_spelling (CliOption option, char buffer[32]);

G_END_DECLS
