#include "app/dinoscope-about.h"

#include "dinoscope-config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "core/encoder/blas.h"
#include "core/encoder/cpu.h"

static const char *
describe_renderer (GtkWindow *parent)
{
  GskRenderer *renderer = parent != NULL ? gtk_native_get_renderer (GTK_NATIVE (parent)) : NULL;

  return renderer != NULL ? G_OBJECT_TYPE_NAME (renderer) : "none";
}

static void
describe_model (GString *text, DinoscopeSession *session)
{
  static const char *const sources[] = { "--model", "DINOSCOPE_MODEL", "setting", "data directory", "Hugging Face cache", "bundled" };
  DinoscopeModel          *model = dinoscope_session_get_model (session);
  const char              *sha256;
  g_autofree char         *description = NULL;

  if (dinoscope_session_get_precision_problem (session) != NULL)
    g_string_append_printf (text, "Problem: %s\n", dinoscope_session_get_precision_problem (session));
  if (dinoscope_session_get_problem (session) != NULL)
    g_string_append_printf (text, "Problem: %s\n", dinoscope_session_get_problem (session));
  if (model == NULL)
    {
      g_string_append (text, "Model: none\n");
      return;
    }
  sha256 = dinoscope_model_peek_sha256 (model);
  description = dinoscope_model_describe (model);
  g_string_append_printf (text, "Model: %s, %u blocks, %u heads, %u channels\n", description,
                          dinoscope_model_get_n_blocks (model), dinoscope_model_get_n_heads (model), dinoscope_model_get_n_channels (model));
  g_string_append_printf (text, "Model found by: %s\n", sources[dinoscope_session_get_model_source (session)]);
  g_string_append_printf (text, "Model sha256: %s\n", sha256 != NULL ? sha256 : "not known yet");
}

/* In English: it is read by whoever mends the program. */
char *
dinoscope_about_describe_system (GtkWindow *parent, DinoscopeSession *session)
{
  g_autoptr (GString) text = g_string_new (NULL);
  DinoscopeEngine    *engine = dinoscope_session_get_engine (session);
  GdkDisplay         *display = gdk_display_get_default ();
  char                cpu[128], blas[256];

  dino_cpu_name (cpu, sizeof cpu);
  dino_blas_describe (blas, sizeof blas);
  g_string_append_printf (text, "Dinoscope: %s\n", DINOSCOPE_VERSION);
  g_string_append_printf (text, "GTK: %u.%u.%u\n", gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version ());
  g_string_append_printf (text, "libadwaita: %u.%u.%u\n", adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version ());
  g_string_append_printf (text, "GLib: %u.%u.%u\n", glib_major_version, glib_minor_version, glib_micro_version);
  g_string_append_printf (text, "BLAS: %s\n", blas);
  g_string_append_printf (text, "Processor: %s\n", cpu);
  g_string_append_printf (text, "Instruction set: %s\n", dino_isa_name (dinoscope_engine_get_isa (engine)));
  g_string_append_printf (text, "Threads: %u\n", dinoscope_engine_get_threads (engine));
  g_string_append_printf (text, "Display: %s\n", display != NULL ? G_OBJECT_TYPE_NAME (display) : "none");
  g_string_append_printf (text, "Renderer: %s\n", describe_renderer (parent));
  describe_model (text, session);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
dinoscope_about_show (GtkWindow *parent, DinoscopeSession *session)
{
  static const char *const developers[] = { "The Dinoscope developers", NULL };
  static const char *const data[] = {
    "COVID-19 Image Repository, Hannover Medical School (CC BY 3.0) https://doi.org/10.25835/0090041",
    NULL,
  };
  static const char *const method[] = {
    "DINOv2: Oquab et al. 2023 https://arxiv.org/abs/2304.07193",
    "RAD-DINO: Pérez-García et al. 2024 https://arxiv.org/abs/2401.10815",
    NULL,
  };
  g_autofree char *system = dinoscope_about_describe_system (parent, session);
  AdwAboutWindow  *about = ADW_ABOUT_WINDOW (adw_about_window_new ());

  adw_about_window_set_application_name (about, _ ("Dinoscope"));
  adw_about_window_set_application_icon (about, "io.github.dinoscope.Dinoscope");
  adw_about_window_set_version (about, DINOSCOPE_VERSION);
  adw_about_window_set_developer_name (about, _ ("The Dinoscope developers"));
  adw_about_window_set_developers (about, (const char **) developers);
  adw_about_window_set_license_type (about, GTK_LICENSE_MIT_X11);
  adw_about_window_set_comments (about, _ ("Shows what an image encoder sees in a chest radiograph.\n\n"
                                           "For research only. Not for clinical use: this is not a medical device, "
                                           "and its maps are not findings."));
  adw_about_window_add_credit_section (about, _ ("Radiographs"), (const char **) data);
  adw_about_window_add_credit_section (about, _ ("Method"), (const char **) method);
  adw_about_window_set_debug_info (about, system);
  adw_about_window_set_debug_info_filename (about, "dinoscope.txt");
  gtk_window_set_transient_for (GTK_WINDOW (about), parent);
  gtk_window_present (GTK_WINDOW (about));
}
