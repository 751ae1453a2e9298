#include "cli/embed-shard.h"

#include <string.h>

#include "core/base/text.h"

/* A whole number without sign, at most CLI_EMBED_MAX_SHARDS. */
static gboolean
parse_number (const char *text, guint *number)
{
  guint64 value = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, CLI_EMBED_MAX_SHARDS, &value, NULL))
    return FALSE;
  *number = (guint) value;
  return TRUE;
}

static gboolean
parse_shard (const char *text, CliEmbedShard *shard)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", -1);

  return g_strv_length (parts) == 2 && parse_number (parts[0], &shard->index) && parse_number (parts[1], &shard->count) && shard->index < shard->count;
}

static gboolean
read_variable (const char *name, guint *number)
{
  return parse_number (g_getenv (name), number);
}

static gboolean
read_slurm (CliEmbedShard *shard)
{
  guint index, count, low, high, step;

  if (!read_variable ("SLURM_ARRAY_TASK_ID", &index) || !read_variable ("SLURM_ARRAY_TASK_COUNT", &count) ||
      !read_variable ("SLURM_ARRAY_TASK_MIN", &low) || !read_variable ("SLURM_ARRAY_TASK_MAX", &high) ||
      !read_variable ("SLURM_ARRAY_TASK_STEP", &step))
    return FALSE;
  if (low != 0 || step != 1 || high + 1 != count || index >= count)
    return FALSE;
  *shard = (CliEmbedShard){ index, count };
  return TRUE;
}

CliExit
cli_embed_shard_read (const CliArguments *arguments, gboolean quiet, CliEmbedShard *shard)
{
  const char *text = cli_arguments_text (arguments, CLI_OPTION_SHARD, NULL);

  *shard = (CliEmbedShard){ 0, 1 };
  if (text != NULL)
    {
      if (parse_shard (text, shard))
        return CLI_EXIT_DONE;
      cli_usage_error (arguments->command, _ ("--shard needs I/N, part I of N with I from 0 to N-1, not “%s”."), text);
      return CLI_EXIT_USAGE;
    }
  if (g_getenv ("SLURM_ARRAY_TASK_ID") == NULL || quiet)
    {
      read_slurm (shard);
      return CLI_EXIT_DONE;
    }
  if (read_slurm (shard))
    cli_note (_ ("Part %u of %u, as Slurm's array says."), shard->index, shard->count);
  else
    cli_note (_ ("Slurm's array is not one of tasks 0 to N-1, so nothing is divided; --shard I/N says which part this is."));
  return CLI_EXIT_DONE;
}

void
cli_embed_shard_slice (CliEmbedShard shard, guint64 total, guint64 *first, guint64 *end)
{
  /* In pieces, so that the product cannot overflow. */
  const guint64 whole = total / shard.count, rest = total % shard.count;

  *first = whole * shard.index + rest * shard.index / shard.count;
  *end = whole * (shard.index + 1) + rest * (shard.index + 1) / shard.count;
}
