; The installer for Windows, for Inno Setup 6: `python packaging/build.py installer` runs it with these defines.
;   Version  Sightline's          App     the frozen folder       Icons  where the icons were drawn
;   Output   where it is written  Name    of the installer, without .exe
;   Associations   a file with the lines for the suffixes of images
; It installs for one user and asks for no administrator. It is offered by "open with" and takes no default away.
; What the user made (history, settings, keys) lies elsewhere and is not touched by removing.

#define Window "sightline-window.exe"
#define Types "Software\Classes"
#define Capabilities "Software\Sightline\Capabilities"

[Setup]
AppId={{6A0A1F0E-52C1-4A57-9E4A-6D0B6F6F2B61}
AppName=Sightline
AppVersion={#Version}
AppVerName=Sightline {#Version}
AppPublisher=Sightline developers
VersionInfoVersion={#Version}
DefaultDirName={autopf}\Sightline
DefaultGroupName=Sightline
DisableProgramGroupPage=yes
DisableDirPage=auto
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir={#Output}
OutputBaseFilename={#Name}
SetupIconFile={#Icons}\sightline.ico
UninstallDisplayIcon={app}\{#Window}
UninstallDisplayName=Sightline
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
ChangesEnvironment=yes
CloseApplications=yes
RestartApplications=no

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked
Name: "path"; Description: "Let terminals find the command ""sightline"""; Flags: unchecked

[Files]
Source: "{#App}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs
Source: "{#Icons}\document.ico"; DestDir: "{app}"; Flags: ignoreversion

[InstallDelete]
; Files of the version before, which the new one may not have.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\Sightline"; Filename: "{app}\{#Window}"
Name: "{autodesktop}\Sightline"; Filename: "{app}\{#Window}"; Tasks: desktopicon

[Registry]
; Conversations open with a double-click.
Root: HKCU; Subkey: "{#Types}\.sightline"; ValueType: string; ValueData: "Sightline.Conversations"; Flags: uninsdeletevalue
Root: HKCU; Subkey: "{#Types}\.sightline\OpenWithProgids"; ValueType: string; ValueName: "Sightline.Conversations"; Flags: uninsdeletevalue
Root: HKCU; Subkey: "{#Types}\Sightline.Conversations"; ValueType: string; ValueData: "Sightline conversations"; Flags: uninsdeletekey
Root: HKCU; Subkey: "{#Types}\Sightline.Conversations\DefaultIcon"; ValueType: string; ValueData: "{app}\document.ico"
Root: HKCU; Subkey: "{#Types}\Sightline.Conversations\shell\open\command"; ValueType: string; ValueData: """{app}\{#Window}"" ""%1"""
; Images are offered to Sightline by "open with"; whatever is their default stays so.
Root: HKCU; Subkey: "{#Types}\Sightline.Image"; ValueType: string; ValueData: "Image"; Flags: uninsdeletekey
Root: HKCU; Subkey: "{#Types}\Sightline.Image\DefaultIcon"; ValueType: string; ValueData: "{app}\{#Window},0"
Root: HKCU; Subkey: "{#Types}\Sightline.Image\shell\open\command"; ValueType: string; ValueData: """{app}\{#Window}"" ""%1"""
Root: HKCU; Subkey: "{#Types}\Applications\{#Window}"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "Sightline"; Flags: uninsdeletekey
Root: HKCU; Subkey: "{#Types}\Applications\{#Window}\shell\open\command"; ValueType: string; ValueData: """{app}\{#Window}"" ""%1"""
; Three lines for each suffix, written by build_windows.py.
#include Associations
Root: HKCU; Subkey: "{#Capabilities}\FileAssociations"; ValueType: string; ValueName: ".sightline"; ValueData: "Sightline.Conversations"
Root: HKCU; Subkey: "Software\Sightline"; Flags: uninsdeletekey
Root: HKCU; Subkey: "{#Capabilities}"; ValueType: string; ValueName: "ApplicationName"; ValueData: "Sightline"
Root: HKCU; Subkey: "{#Capabilities}"; ValueType: string; ValueName: "ApplicationDescription"; ValueData: "Ask vision models about the images on your computer"
Root: HKCU; Subkey: "Software\RegisteredApplications"; ValueType: string; ValueName: "Sightline"; ValueData: "{#Capabilities}"; Flags: uninsdeletevalue
; The folder on the user's search path, for those who ticked it.
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: IsNotOnPath

[Run]
Filename: "{app}\{#Window}"; Description: "{cm:LaunchProgram,Sightline}"; Flags: nowait postinstall skipifsilent

[Code]
function UsersPath(): String;
begin
  if not RegQueryStringValue(HKCU, 'Environment', 'Path', Result) then
    Result := '';
end;

function IsNotOnPath(): Boolean;
begin
  Result := Pos(';' + Lowercase(ExpandConstant('{app}')) + ';', ';' + Lowercase(UsersPath()) + ';') = 0;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Before, After: String;
begin
  if Step <> usPostUninstall then
    exit;
  Before := UsersPath();
  After := ';' + Before + ';';
  StringChangeEx(After, ';' + ExpandConstant('{app}') + ';', ';', True);
  After := Copy(After, 2, Length(After) - 2);
  if After <> Before then
    RegWriteExpandStringValue(HKCU, 'Environment', 'Path', After);
end;
