#include <stdio.h>
#include <string.h>

#include "cli/info.h"
#include "cli/output.h"
#include "core/base/text.h"
#include "engine/dinoscope-paths-private.h"

static json_t *
box_report (struct dino_box box)
{
  return json_pack ("[f, f, f, f]", box.x0, box.y0, box.x1, box.y1);
}

static json_t *
notes_report (DinoscopeStudy *study)
{
  g_auto (GStrv) lines = g_strsplit (dinoscope_study_get_notes (study), "\n", -1);
  json_t        *list = json_array ();

  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      json_array_append_new (list, cli_json_text (lines[i]));
  return list;
}

static json_t *
picture_report (DinoscopeStudy *study, const char *path, const struct dino_geometry *geometry, const char *stored_sha256)
{
  const struct dino_picture *picture = dinoscope_study_get_picture (study);
  struct dino_box            patch = dino_geometry_patch (geometry, 0, 0);
  json_t                    *seen, *report;

  seen = json_pack ("{s:[i, i], s:[i, i, i, i], s:o, s:f, s:[i, i], s:[f, f]}",
                    "resized", geometry->resized_width, geometry->resized_height,
                    "crop", geometry->left, geometry->top, geometry->input_width, geometry->input_height,
                    "box", box_report (dino_geometry_seen (geometry)),
                    "share", dino_geometry_seen_share (geometry),
                    "grid", geometry->rows, geometry->columns,
                    "patch_pixels", patch.x1 - patch.x0, patch.y1 - patch.y0);
  report = json_pack ("{s:o, s:s, s:s, s:[i, i], s:i, s:i, s:i, s:[i, i], s:i, s:o, s:s, s:o}",
                      "file", cli_json_text (path), "format", picture->format, "mode", picture->mode,
                      "size", picture->width, picture->height, "channels", picture->channels, "bits", picture->bits,
                      "file_bits", picture->file_bits, "range", picture->low + picture->stored_offset, picture->high + picture->stored_offset,
                      "orientation", picture->orientation, "notes", notes_report (study),
                      "pixels_sha256", dinoscope_study_get_sha256 (study), "seen", seen);
  cli_info_add_grey (report, study, stored_sha256);
  return report;
}

static void
print_picture (DinoscopeStudy *study, const char *path, const struct dino_geometry *geometry, const char *stored_sha256)
{
  const struct dino_picture *picture = dinoscope_study_get_picture (study);
  struct dino_box            seen = dino_geometry_seen (geometry);
  struct dino_box            patch = dino_geometry_patch (geometry, 0, 0);
  char                       number[4][G_ASCII_DTOSTR_BUF_SIZE];
  const double               edges[4] = { seen.x0, seen.y0, seen.x1, seen.y1 };

  g_auto (GStrv)   notes = g_strsplit (dinoscope_study_get_notes (study), "\n", -1);
  g_autofree char *name = dinoscope_display_name (path);

  printf ("%s\n", name);
  cli_info_line (_ ("Format"), "%s, %s", picture->format, picture->mode);
  cli_info_line (_ ("Size"), _ ("%d x %d px"), picture->width, picture->height);
  cli_info_line (_ ("Values"), _ ("%d to %d, %d bits in the file"), picture->low + picture->stored_offset, picture->high + picture->stored_offset, picture->file_bits);
  cli_info_print_grey (study);
  for (guint i = 0; notes[i] != NULL; i++)
    if (*notes[i] != '\0')
      cli_info_line (_ ("Note"), "%s", notes[i]);
  cli_info_line (_ ("Resized"), _ ("%d x %d px"), geometry->resized_width, geometry->resized_height);
  cli_info_line (_ ("Model's input"), _ ("%d x %d px at (%d, %d)"), geometry->input_width, geometry->input_height, geometry->left, geometry->top);
  for (int i = 0; i < 4; i++)
    g_ascii_formatd (number[i], sizeof number[i], "%.1f", edges[i]);
  cli_info_line (_ ("Seen"), _ ("%s %s to %s %s of the original"), number[0], number[1], number[2], number[3]);
  g_ascii_formatd (number[0], sizeof number[0], "%.1f", 100 * dino_geometry_seen_share (geometry));
  cli_info_line (_ ("Share seen"), "%s %%", number[0]);
  g_ascii_formatd (number[0], sizeof number[0], "%.1f", patch.x1 - patch.x0);
  g_ascii_formatd (number[1], sizeof number[1], "%.1f", patch.y1 - patch.y0);
  cli_info_line (_ ("Patches"), _ ("%d rows, %d columns; each %s x %s px of the original"), geometry->rows, geometry->columns, number[0], number[1]);
  cli_info_line (_ ("Pixels' SHA-256"), "%s", dinoscope_study_get_sha256 (study));
  if (picture->channels == 1)
    cli_info_line (_ ("Stored SHA-256"), "%s", stored_sha256);
}

CliExit
cli_info_picture (CliSession *session, const char *path, json_t *pictures)
{
  CliExit                    code = CLI_EXIT_DONE;
  g_autoptr (DinoscopeStudy) study = cli_session_open (session, path, &code);
  g_autoptr (GError)         error = NULL;
  struct dino_geometry       geometry;
  struct dino_error          failure = { 0 };
  char                       stored_sha256[DINO_SHA256_LENGTH] = "";

  if (study == NULL)
    return code;
  if (!dinoscope_study_get_geometry (study, dinoscope_model_get_core (session->model), &geometry, &error))
    {
      g_prefix_error (&error, "%s: ", path);
      return cli_fail (error, CLI_EXIT_INPUT);
    }
  if (dinoscope_study_get_picture (study)->channels == 1 && !dino_picture_stored_sha256 (dinoscope_study_get_picture (study), stored_sha256, &failure))
    return cli_fail_about (&failure, path, CLI_EXIT_INPUT);
  if (session->json)
    json_array_append_new (pictures, picture_report (study, path, &geometry, stored_sha256));
  else
    print_picture (study, path, &geometry, stored_sha256);
  return CLI_EXIT_DONE;
}
