/* What the table calls a picture: its name, or a keyed hash of it. */
#pragma once

#include "cli/message.h"
#include "core/base/sha256.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean hashed;
  char    *key;
  gsize    key_length;
  char     key_id[17]; /* tells keys apart: 16 digits of the key's own hash; "" when not hashed */
} CliEmbedNames;

/* Reads the key where names are hashed: the file $DINOSCOPE_NAME_KEY, else
 * $XDG_DATA_HOME/dinoscope/name-key, which is made when it is not there. */
CliExit cli_embed_names_init (CliEmbedNames *names, gboolean hashed);
void    cli_embed_names_clear (CliEmbedNames *names);

/* What stands for name (transfer full). */
char *cli_embed_names_show (const CliEmbedNames *names, const char *name);

G_END_DECLS
