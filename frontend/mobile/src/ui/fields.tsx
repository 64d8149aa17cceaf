import { useLingui } from '@lingui/react/macro'
import { type ReactNode, useId, useState } from 'react'
import { Pressable, Switch, Text, TextInput, type TextInputProps, View } from 'react-native'
import { useField } from './form.tsx'
import { useColours } from './look.ts'
import { P } from './text.tsx'

interface FieldProps extends Omit<TextInputProps, 'value' | 'onChangeText' | 'style'> {
  name: string
  label: string
  hint?: string
  /** At the end of the line, in it. */
  end?: ReactNode
}

/** One line to fill in. A screen reader says its label, its hint and what is wrong with it. */
export function Field({ name, label, hint, end, ...more }: FieldProps) {
  const colours = useColours()
  const { value, change, problem, send } = useField(name)
  const id = useId()
  const described = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <View style={{ gap: 4 }}>
      <P small strong>{label}</P>
      <View>
        <TextInput
          {...more} aria-label={label} accessibilityHint={[problem, hint].filter(Boolean).join(' ')} {...{ 'aria-describedby': described || undefined, 'aria-invalid': Boolean(problem) }}
          testID={name} value={value} onChangeText={change} onSubmitEditing={send}
          style={{
            minHeight: 48, borderWidth: 1, borderColor: problem ? colours.bad : colours.lineStrong, borderRadius: 8, paddingLeft: 12, paddingRight: end ? 96 : 12, paddingVertical: 8,
            color: colours.ink, backgroundColor: colours.surface, fontSize: 16, width: '100%',
          }}
        />
        {end && <View style={{ position: 'absolute', right: 4, top: 0, bottom: 0, justifyContent: 'center' }}>{end}</View>}
      </View>
      {hint && <Text nativeID={`${id}-hint`} style={{ color: colours.soft, fontSize: 14, lineHeight: 20 }}>{hint}</Text>}
      {problem && <Text nativeID={`${id}-problem`} role="alert" style={{ color: colours.bad, fontSize: 14, lineHeight: 20 }}>{problem}</Text>}
    </View>
  )
}

/** A password, shown while one wants to see it. */
export function PasswordField({ name, label, ...more }: FieldProps) {
  const { t } = useLingui()
  const colours = useColours()
  const [shown, show] = useState(false)
  return (
    <Field
      {...more} name={name} label={label} secureTextEntry={!shown} autoCapitalize="none" autoCorrect={false}
      end={
        <Pressable role="button" aria-label={shown ? t`Hide the password` : t`Show the password`} onPress={() => show(!shown)} style={{ minHeight: 44, paddingHorizontal: 12, justifyContent: 'center' }}>
          <Text style={{ color: colours.accent, fontSize: 14, fontWeight: '600' }}>{shown ? t`Hide` : t`Show`}</Text>
        </Pressable>
      }
    />
  )
}

interface RadiosProps {
  label: string
  value: string
  change: (value: string) => void
  options: [value: string, name: string][]
}

/** One of a few. */
export function Radios({ label, value, change, options }: RadiosProps) {
  const colours = useColours()
  return (
    <View style={{ gap: 4 }}>
      <P small strong>{label}</P>
      <View role="radiogroup" aria-label={label} style={{ flexDirection: 'row', flexWrap: 'wrap', gap: 8 }}>
        {options.map(([one, name]) => {
          const chosen = one === value
          return (
            <Pressable
              key={one} role="radio" aria-checked={chosen} aria-label={name} onPress={() => change(one)} {...onSpace(() => change(one))}
              style={{ minHeight: 44, justifyContent: 'center', paddingHorizontal: 14, borderRadius: 22, borderWidth: 1, borderColor: chosen ? colours.accent : colours.lineStrong, backgroundColor: chosen ? colours.accentWash : 'transparent' }}
            >
              <Text style={{ color: chosen ? colours.accent : colours.ink, fontSize: 16, fontWeight: chosen ? '600' : '400' }}>{chosen ? `✓ ${name}` : name}</Text>
            </Pressable>
          )
        })}
      </View>
    </View>
  )
}

/** With a keyboard, a browser's or a tablet's, the space bar chooses. */
const onSpace = (choose: () => void) => ({
  onKeyDown: (event: { key?: string; preventDefault: () => void }) => {
    if (event.key !== ' ') return
    event.preventDefault()
    choose()
  },
})

interface TickProps {
  label: string
  hint?: string
  value: boolean
  change: (value: boolean) => void
}

/** Yes or no. */
export function Tick({ label, hint, value, change }: TickProps) {
  const colours = useColours()
  return (
    <View style={{ flexDirection: 'row', alignItems: 'center', gap: 12, minHeight: 48 }}>
      <View style={{ flex: 1 }}>
        <P>{label}</P>
        {hint && <P soft small>{hint}</P>}
      </View>
      <Switch aria-label={label} accessibilityHint={hint} value={value} onValueChange={change} trackColor={{ true: colours.accent, false: colours.lineStrong }} thumbColor={colours.thumb} {...{ activeThumbColor: colours.thumb }} />
    </View>
  )
}
