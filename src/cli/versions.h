/* Which libraries this program runs with. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  char       *version;
} CliLibrary;

/* An array of CliLibrary (transfer full). Those that can be asked tell what
 * runs; of the others it is what the program was built with. */
GArray *cli_libraries (void);

G_END_DECLS
